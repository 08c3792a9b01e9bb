/** Short texts of commands and results, and small helpers of the trace. */
import { expect, test } from 'vitest';
import { isMessageEvent, tellerOf } from '../../../src/core/trace/event-kinds.ts';
import type { TraceEvent } from '../../../src/core/trace/events.ts';
import { parseTraceLine } from '../../../src/core/trace/parse-line.ts';
import { describeCommand, describeResult } from '../../../src/core/vocabulary/index.ts';

test('describeCommand: command → as it is typed; other JSON → JSON; long text → shortened', () => {
  const told = [
    { op: 'set', key: 'x', value: '5' },
    { op: 'get', key: 'x' },
    { op: 'delete', key: 'a key' },
    { op: 'append', key: 'x', value: '' },
    { op: 'cas', key: 'x', expected: null, value: '6' },
    { op: 'cas', key: 'x', expected: '6', value: '7' },
    ['any', 'json'],
    17,
    { op: 'set', key: 'x', value: 'v'.repeat(100) },
  ].map(describeCommand);
  expect(told.slice(0, -1)).toEqual([
    ...['set x 5', 'get x', 'delete "a key"', 'append x ""', 'cas x ∅ 6', 'cas x 6 7', '["any","json"]', '17'],
  ]);
  expect(told.at(-1)).toHaveLength(48);
});

test('describeResult: result → the key’s value; refusal → its reason', () => {
  expect(describeResult({ ok: true, value: '5', previous: null })).toBe('5');
  expect(describeResult({ ok: true, value: null, previous: '5' })).toBe('∅');
  expect(describeResult({ ok: true, value: '5', previous: '5', swapped: false })).toBe('✗ 5');
  expect(describeResult({ ok: false, reason: 'not-a-command' })).toBe('not-a-command');
});

test('tellerOf: known event → its kind of program; inherited property name → null', () => {
  const teller = (event: string, source = 'S1') => tellerOf({ event, source } as TraceEvent);
  expect([teller('LeaderElected'), teller('MessageSent')]).toEqual(['server', 'network']);
  expect([teller('CommandDone'), teller('RunStarted'), teller('toString')]).toEqual(['client', 'lab', null]);
  expect(['S1', 'network', 'lab'].map((source) => teller('TicksLate', source))).toEqual(['server', 'network', 'lab']);
  expect([isMessageEvent('MessageDropped'), isMessageEvent('LinkPolicyChanged')]).toEqual([true, false]);
});

test('parseTraceLine: complete envelope → event; a field missing → refused', () => {
  const whole = { seq: 1, timeUs: 5, source: 'S1', nseq: 1, life: 1, event: 'Anything', extra: true };
  expect(parseTraceLine(JSON.stringify(whole))).toEqual({ ok: true, event: whole });
  const wrong = ['', '[]', 'null', '{"seq":', ...['seq', 'timeUs', 'source', 'nseq', 'life', 'event'].map(without)];
  expect(wrong.map((line) => parseTraceLine(line).ok)).toEqual(wrong.map(() => false));
  function without(field: string): string {
    return JSON.stringify({ ...whole, [field]: undefined });
  }
});
