/** parseCommand: which JSON values are commands. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Json, parseCommand } from '../../../src/core/vocabulary/index.ts';

describe('parseCommand', () => {
  test.each([
    { op: 'get', key: 'x' },
    { op: 'delete', key: '' },
    { op: 'set', key: 'x', value: '' },
    { op: 'append', key: 'x', value: 'y' },
    { op: 'cas', key: 'x', expected: null, value: 'y' },
    { op: 'cas', key: 'x', expected: 'a', value: 'y' },
  ])('parseCommand: %j, with or without an extra member → that command', (command) => {
    expect(parseCommand(command)).toEqual(command);
    expect(parseCommand({ ...command, extra: 1 })).toEqual(command);
  });

  test.each([
    { op: 'set', key: 'x' },
    { op: 'set', key: 'x', value: 5 },
    { op: 'get' },
    { op: 'cas', key: 'x', value: 'y' },
    { op: 'cas', key: 'x', expected: 1, value: 'y' },
    { op: 'toString', key: 'x' },
    ['get', 'x'],
    'get x',
    null,
    5,
  ] as Json[])('parseCommand: %j → null', (json) => {
    expect(parseCommand(json)).toBeNull();
  });

  test('parseCommand: any JSON → does not throw', () => {
    fc.assert(fc.property(fc.jsonValue(), (json) => parseCommand(json as Json) === null));
  });
});
