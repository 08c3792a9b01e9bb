/** Log entries from messages and from files: exactly their fields, safe integers, and JSON that stays the same. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isProblem, parseLogEntry, parseWireEntry } from '../../../src/core/wire/index.ts';
import { checkProperty } from '../../helpers/property.ts';
import { arbitraryEntry } from './arbitraries.ts';

const file = 'test/core/wire/entry.test.ts';
const command = { type: 'command', session: 2, sequence: 1, command: { op: 'get', key: 'x' }, index: 3, term: 1 };
const chain = '0123456789abcdef';

test('valid entry: with or without its chain → the same after a trip through JSON', () => {
  checkProperty(
    file,
    fc.property(arbitraryEntry, (entry) => {
      const wire = JSON.parse(JSON.stringify(entry));
      const log = { ...wire, chain };
      expect(parseWireEntry(wire)).toBe(wire);
      expect(parseLogEntry(log)).toBe(log);
      // The other form is refused: a message never carries a chain, and a file never lacks one.
      expect([parseWireEntry(log), parseLogEntry(wire)].every(isProblem)).toBe(true);
    }),
  );
});

test('validator: any JSON → never throws', () => {
  checkProperty(
    file,
    fc.property(fc.jsonValue(), (value) => {
      expect(isProblem(parseWireEntry(value))).toBe(true);
    }),
  );
});

describe('invalid entries', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['a list instead of an object', [command]],
    ['an unknown type', { ...command, type: 'snapshot' }],
    ['an unknown field', { ...command, colour: 'red' }],
    ['a field named __proto__', JSON.parse(`{"__proto__":{},"type":"noop","index":1,"term":1}`)],
    ['index 0', { ...command, index: 0 }],
    ['an unsafe index', { ...command, index: 2 ** 53 }],
    ['a fraction', { ...command, term: 1.5 }],
    ['a number as text', { ...command, term: '1' }],
    ['term 0, which no entry has', { ...command, term: 0 }],
    ['a missing term', { type: 'noop', index: 1 }],
    ['a session without a number', { ...command, sequence: null }],
    ['a number without a session', { ...command, session: null }],
    ['a missing command', { type: 'command', session: null, sequence: null, index: 1, term: 1 }],
    ['a command on a no-op', { type: 'noop', command: 1, index: 1, term: 1 }],
    ['a command that is not finite', { ...command, command: JSON.parse('1e999') }],
    ['a command with a negative zero', { ...command, command: JSON.parse('[-0]') }],
    ['a command seventeen levels deep', { ...command, command: JSON.parse(`${'['.repeat(17)}1${']'.repeat(17)}`) }],
  ];

  test('entry: the one that these cases change → accepted unchanged', () => {
    expect(parseWireEntry(command)).toBe(command);
  });
  test.each(cases)('entry with %s → refused', (_what, value) => {
    expect(parseWireEntry(value)).toEqual({ problem: expect.any(String) });
  });
  test.each(['', '0123456789ABCDEF', '0123456789abcde', 7])('entry with chain %j → refused', (wrong) => {
    expect(parseLogEntry({ ...command, chain: wrong })).toHaveProperty('problem');
  });
});
