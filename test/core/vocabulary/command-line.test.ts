/**
 * The language of the command line: valid commands, errors with their positions, and printing as the inverse of
 * parsing.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../../src/core/vocabulary/index.ts';
import {
  type CommandLineErrorCode,
  completeCommandLine,
  formatCommand,
  hintFor,
  parseCommandLine,
} from '../../../src/core/vocabulary/index.ts';

describe('parseCommandLine', () => {
  test.each<[string, Command]>([
    ['set x 5', { op: 'set', key: 'x', value: '5' }],
    ['  SET   x   5  ', { op: 'set', key: 'x', value: '5' }],
    ['get x', { op: 'get', key: 'x' }],
    ['append x y', { op: 'append', key: 'x', value: 'y' }],
    ['delete x', { op: 'delete', key: 'x' }],
    ['cas x 1 2', { op: 'cas', key: 'x', expected: '1', value: '2' }],
    ['cas x absent 2', { op: 'cas', key: 'x', expected: null, value: '2' }],
    ['cas x "absent" 2', { op: 'cas', key: 'x', expected: 'absent', value: '2' }],
    ['set "a key" "a \\"b\\" \\\\ c"', { op: 'set', key: 'a key', value: 'a "b" \\ c' }],
    ["set x 'it is'", { op: 'set', key: 'x', value: 'it is' }],
    ['set x ""', { op: 'set', key: 'x', value: '' }],
    ['set 名字 张三', { op: 'set', key: '名字', value: '张三' }],
  ])('parseCommandLine: %s → the command', (text, command) => {
    expect(parseCommandLine(text)).toEqual({ ok: true, command });
  });

  test.each<[string, CommandLineErrorCode, number]>([
    ['', 'empty', 0],
    ['   ', 'empty', 0],
    ['put x 5', 'unknown-command', 0],
    [' "set" x 5', 'unknown-command', 1],
    ['set', 'missing-word', 3],
    ['set x', 'missing-word', 5],
    ['cas x 1', 'missing-word', 7],
    ['get x y', 'extra-word', 6],
    ['set x a b', 'extra-word', 8],
    ['set x "a', 'unclosed-quote', 6],
    ['set x "a\\q"', 'bad-escape', 8],
    ['set x "a"b', 'no-space-after-quote', 9],
    ['get ""', 'empty-key', 4],
  ])('parseCommandLine: "%s" → refused as %s at %i', (text, code, at) => {
    const parsed = parseCommandLine(text);
    expect(parsed.ok ? null : { code: parsed.error.code, at: parsed.error.at }).toEqual({ code, at });
  });

  test.each([
    ['key', 256, (word: string) => `get ${word}`],
    ['value', 65_536, (word: string) => `set x ${word}`],
    ['new', 65_536, (word: string) => `cas x 1 ${word}`],
  ] as const)('parseCommandLine: %s of more than %i characters → refused with both', (word, most, line) => {
    expect(parseCommandLine(line('a'.repeat(most))).ok).toBe(true);
    const text = line('a'.repeat(most + 1));
    const error = { code: 'long-word', at: text.indexOf('aaa'), params: { word, most: String(most) } };
    expect(parseCommandLine(text)).toEqual({ ok: false, error });
  });

  test('parseCommandLine: missing word → error with the word and the usage line', () => {
    const parsed = parseCommandLine('cas x');
    expect(parsed.ok ? null : parsed.error.params).toEqual({ word: 'old', usage: 'cas key old new' });
  });

  test('formatCommand: any key and value → parses to the same command', () => {
    const key = fc.string({ minLength: 1, unit: 'binary' });
    const value = fc.string({ unit: 'binary' });
    const command: fc.Arbitrary<Command> = fc.oneof(
      fc.record({ op: fc.constantFrom('get' as const, 'delete' as const), key }),
      fc.record({ op: fc.constantFrom('set' as const, 'append' as const), key, value }),
      fc.record({ op: fc.constant('cas' as const), key, expected: fc.option(value), value }),
    );
    fc.assert(
      fc.property(command, (one) => {
        expect(parseCommandLine(formatCommand(one))).toEqual({ ok: true, command: one });
      }),
    );
    const literal: Command = { op: 'cas', key: 'k', expected: 'absent', value: 'v' };
    expect(parseCommandLine(formatCommand(literal))).toEqual({ ok: true, command: literal });
  });
});

describe('completion and hints', () => {
  test.each<[string, string | null]>([
    ['s', 'set '],
    ['', null],
    ['x', null],
    ['get al', 'get alpha'],
    ['get alphab', 'get alphabet '],
    ['get ', null],
    ['set beta v', null],
    ['get "al', null],
  ])('completeCommandLine: "%s" → %s', (text, completed) => {
    expect(completeCommandLine(text, ['alphabet', 'alpha', 'beta'])).toBe(completed);
  });

  test('hintFor: incomplete line → its missing words', () => {
    expect(['set', 'set x', 'set x 5', 'cas k 1', 'nonsense', ''].map(hintFor)).toEqual([
      'key value',
      'value',
      '',
      'new',
      '',
      '',
    ]);
  });
});
