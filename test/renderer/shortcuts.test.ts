/** Keys on different keyboard layouts: the character and the place of a key decide its action. */
import { expect, test } from 'vitest';
import { isComposing, keyOf, type PressedKey } from '../../src/renderer/keys/shortcuts.ts';

/** The key that writes `key` at the place `code`; `modifiers`: S Shift, C Ctrl, A Alt, M Meta. */
function pressed(key: string, code: string, modifiers = ''): PressedKey | null {
  const isDown = (modifier: string): boolean => modifiers.includes(modifier);
  const held = { shiftKey: isDown('S'), ctrlKey: isDown('C'), altKey: isDown('A'), metaKey: isDown('M') };
  return keyOf({ key, code, ...held });
}

const server = (place: number): PressedKey => ({ key: 'select', place });

test.each([
  ['US', 'k', 'KeyK', '', { key: 'kill' }],
  ['US, CapsLock', 'K', 'KeyK', '', { key: 'kill' }],
  ['US', 'a', 'KeyA', '', { key: 'asked' }],
  ['US', 'g', 'KeyG', '', { key: 'graphs' }],
  ['AZERTY', 'a', 'KeyQ', '', { key: 'asked' }],
  ['US', '7', 'Digit7', '', server(7)],
  ['US', '!', 'Digit1', 'S', server(1)],
  ['US', 'H', 'KeyH', 'S', { key: 'healAll' }],
  ['US, CapsLock', 'h', 'KeyH', 'S', { key: 'healAll' }],
  ['US', '?', 'Slash', 'S', { key: 'help' }],
  ['US', '/', 'Slash', '', { key: 'filter' }],
  ['number pad', '3', 'Numpad3', '', server(3)],
  ['number pad, NumLock off', 'PageDown', 'Numpad3', '', server(3)],
  ['number pad', '/', 'NumpadDivide', '', { key: 'filter' }],
  ['on-screen keyboard without places', '3', '', '', server(3)],
  ['AZERTY', '&', 'Digit1', '', server(1)],
  ['AZERTY', 'é', 'Digit2', '', server(2)],
  ['AZERTY', '2', 'Digit2', 'S', server(2)],
  ['AZERTY', '/', 'Period', 'S', { key: 'filter' }],
  ['AZERTY, a letter is where it is written', 'k', 'KeyK', '', { key: 'kill' }],
  ['Dvorak, a letter is where it is written', 'k', 'KeyV', '', { key: 'kill' }],
  ['Dvorak, a letter is where it is written', 't', 'KeyK', '', null],
  ['QWERTZ', '/', 'Digit7', 'S', { key: 'filter' }],
  ['QWERTZ', '?', 'Minus', 'S', { key: 'help' }],
  ['Cyrillic', 'л', 'KeyK', '', { key: 'kill' }],
  ['Cyrillic', 'Р', 'KeyH', 'S', { key: 'healAll' }],
  ['Cyrillic', '?', 'Digit7', 'S', { key: 'help' }],
  ['Greek', 'κ', 'KeyK', '', { key: 'kill' }],
  ['Hebrew', 'ר', 'KeyR', '', { key: 'restart' }],
  ['Hangul', 'ㅏ', 'KeyK', '', { key: 'kill' }],
  ['Thai, a letter with a mark', 'น้', 'KeyO', '', null],
  ['full width', '／', 'Slash', '', { key: 'filter' }],
  ['full width', 'ｋ', 'KeyK', '', { key: 'kill' }],
  ['full width', '\u3000', 'Space', '', { key: 'freeze' }],
  ['an input method has the key', 'Process', 'KeyK', '', null],
  ['a dead key', 'Dead', 'KeyK', '', null],
] as const)('%s: %s at %s %s', (_layout, key, code, modifiers, row) => {
  expect(pressed(key, code, modifiers)).toEqual(row);
});

test.each([
  ['r', 'KeyR', 'C'],
  ['к', 'KeyR', 'C'],
  ['1', 'Digit1', 'M'],
  ['/', 'Slash', 'A'],
] as const)('Ctrl, Alt or Meta: %s at %s → left to the browser', (key, code, modifiers) => {
  expect(pressed(key, code, modifiers)).toBeNull();
});

test('Shift: with any letter but H → no action', () => {
  expect(pressed('K', 'KeyK', 'S')).toBeNull();
  expect(pressed('Л', 'KeyK', 'S')).toBeNull();
});

test('composition: flag of the event, or only Safari’s code 229 → recognised', () => {
  expect(isComposing({ isComposing: true, keyCode: 13 })).toBe(true);
  expect(isComposing({ isComposing: false, keyCode: 229 })).toBe(true);
  expect(isComposing({ isComposing: false, keyCode: 13 })).toBe(false);
});
