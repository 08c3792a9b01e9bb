/** Keys on different keyboard layouts: from the character and the place of a key to its action. */
import { expect, test } from 'vitest';
import { deedOf, isComposing, type KeyDeed } from '../../src/renderer/keys/shortcuts.ts';

/** The key that writes `key` at the place `code`; `modifiers`: S Shift, C Ctrl, A Alt, M Meta. */
function pressed(key: string, code: string, modifiers = ''): KeyDeed | null {
  const isDown = (modifier: string): boolean => modifiers.includes(modifier);
  const held = { shiftKey: isDown('S'), ctrlKey: isDown('C'), altKey: isDown('A'), metaKey: isDown('M') };
  return deedOf({ key, code, ...held });
}

const server = (place: number): KeyDeed => ({ deed: 'select', place });

test.each([
  ['US', 'k', 'KeyK', '', { deed: 'kill' }],
  ['US, CapsLock', 'K', 'KeyK', '', { deed: 'kill' }],
  ['US', '7', 'Digit7', '', server(7)],
  ['US', '!', 'Digit1', 'S', server(1)],
  ['US', 'H', 'KeyH', 'S', { deed: 'heal-all' }],
  ['US, CapsLock', 'h', 'KeyH', 'S', { deed: 'heal-all' }],
  ['US', '?', 'Slash', 'S', { deed: 'help' }],
  ['US', '/', 'Slash', '', { deed: 'filter' }],
  ['number pad', '3', 'Numpad3', '', server(3)],
  ['number pad, NumLock off', 'PageDown', 'Numpad3', '', server(3)],
  ['number pad', '/', 'NumpadDivide', '', { deed: 'filter' }],
  ['on-screen keyboard without places', '3', '', '', server(3)],
  ['AZERTY', '&', 'Digit1', '', server(1)],
  ['AZERTY', 'é', 'Digit2', '', server(2)],
  ['AZERTY', '2', 'Digit2', 'S', server(2)],
  ['AZERTY', '/', 'Period', 'S', { deed: 'filter' }],
  ['AZERTY, a letter is where it is written', 'k', 'KeyK', '', { deed: 'kill' }],
  ['Dvorak, a letter is where it is written', 'k', 'KeyV', '', { deed: 'kill' }],
  ['Dvorak, a letter is where it is written', 't', 'KeyK', '', null],
  ['QWERTZ', '/', 'Digit7', 'S', { deed: 'filter' }],
  ['QWERTZ', '?', 'Minus', 'S', { deed: 'help' }],
  ['Cyrillic', 'л', 'KeyK', '', { deed: 'kill' }],
  ['Cyrillic', 'Р', 'KeyH', 'S', { deed: 'heal-all' }],
  ['Cyrillic', '?', 'Digit7', 'S', { deed: 'help' }],
  ['Greek', 'κ', 'KeyK', '', { deed: 'kill' }],
  ['Hebrew', 'ר', 'KeyR', '', { deed: 'restart' }],
  ['Hangul', 'ㅏ', 'KeyK', '', { deed: 'kill' }],
  ['Thai, a letter with a mark', 'น้', 'KeyO', '', null],
  ['full width', '／', 'Slash', '', { deed: 'filter' }],
  ['full width', 'ｋ', 'KeyK', '', { deed: 'kill' }],
  ['full width', '\u3000', 'Space', '', { deed: 'freeze' }],
  ['an input method has the key', 'Process', 'KeyK', '', null],
  ['a dead key', 'Dead', 'KeyK', '', null],
] as const)('%s: %s at %s %s', (_layout, key, code, modifiers, deed) => {
  expect(pressed(key, code, modifiers)).toEqual(deed);
});

test.each([
  ['r', 'KeyR', 'C'],
  ['к', 'KeyR', 'C'],
  ['1', 'Digit1', 'M'],
  ['/', 'Slash', 'A'],
] as const)('Ctrl, Alt or Meta: %s at %s belongs to the browser', (key, code, modifiers) => {
  expect(pressed(key, code, modifiers)).toBeNull();
});

test('Shift with any letter but H: nothing', () => {
  expect(pressed('K', 'KeyK', 'S')).toBeNull();
  expect(pressed('Л', 'KeyK', 'S')).toBeNull();
});

test('an input method composes: said by the event, or by Safari’s code alone', () => {
  expect(isComposing({ isComposing: true, keyCode: 13 })).toBe(true);
  expect(isComposing({ isComposing: false, keyCode: 229 })).toBe(true);
  expect(isComposing({ isComposing: false, keyCode: 13 })).toBe(false);
});
