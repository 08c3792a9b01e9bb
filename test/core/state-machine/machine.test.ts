/** The replicated machine: the results of commands, and sessions that apply each command at most once (rule R4). */
import { describe, expect, test } from 'vitest';
import { rules } from '../../../src/core/raft/index.ts';
import {
  type Answer,
  applyEntry,
  emptyMachine,
  keyCount,
  type Machine,
  type StorePage,
  sessionCount,
  storePage,
} from '../../../src/core/state-machine/index.ts';
import {
  type Command,
  type EntryContent,
  type Json,
  MAX_KEY_LENGTH,
  MAX_VALUE_LENGTH,
} from '../../../src/core/vocabulary/index.ts';

/** Applies contents in order. Returns the final machine and every answer. */
function applyAll(contents: readonly EntryContent[], from = emptyMachine()): { machine: Machine; answers: Answer[] } {
  let machine = from;
  const answers = contents.map((content) => {
    const applied = applyEntry(rules, machine, { ...content, index: machine.lastApplied + 1, term: 1 });
    machine = applied.machine;
    return applied.answer;
  });
  return { machine, answers };
}

const start = (command: Json): EntryContent => ({ type: 'command', session: null, sequence: null, command });
const inSession = (session: number, sequence: number, command: Json): EntryContent => ({
  type: 'command',
  session,
  sequence,
  command,
});
const set = (key: string, value: string): Command => ({ op: 'set', key, value });
const append = (key: string, value: string): Command => ({ op: 'append', key, value });
const OPEN: EntryContent = { type: 'session' };
const result = (fields: object) => ({ type: 'result', result: fields });

describe('commands', () => {
  test('command: each kind → answered with the key’s new and previous value', () => {
    const { answers, machine } = applyAll(
      [
        { op: 'get', key: 'x' },
        set('x', '5'),
        append('x', '6'),
        { op: 'get', key: 'x' },
        { op: 'delete', key: 'x' },
        { op: 'delete', key: 'x' },
      ].map((command) => start(command)),
    );
    expect(answers).toEqual([
      result({ ok: true, value: null, previous: null }),
      result({ ok: true, value: '5', previous: null }),
      result({ ok: true, value: '56', previous: '5' }),
      result({ ok: true, value: '56', previous: '56' }),
      result({ ok: true, value: null, previous: '56' }),
      result({ ok: true, value: null, previous: null }),
    ]);
    expect(keyCount(machine)).toBe(0);
  });

  test('compare-and-set: value (null: key absent) as expected → written; otherwise → not', () => {
    const cas = (expected: string | null, value: string) => start({ op: 'cas', key: 'x', expected, value });
    const { answers } = applyAll([cas('1', '2'), cas(null, '1'), cas(null, '9'), cas('1', '2')]);
    expect(answers).toEqual([
      result({ ok: true, value: null, previous: null, swapped: false }),
      result({ ok: true, value: '1', previous: null, swapped: true }),
      result({ ok: true, value: '1', previous: '1', swapped: false }),
      result({ ok: true, value: '2', previous: '1', swapped: true }),
    ]);
  });

  test('command: value or key over its limit → refused, store unchanged', () => {
    const long = 'v'.repeat(MAX_VALUE_LENGTH);
    const { answers, machine } = applyAll([
      start(set('x', long)),
      start(append('x', 'v')),
      start(set('x', `${long}v`)),
      start(set('k'.repeat(MAX_KEY_LENGTH + 1), '1')),
      start({ op: 'cas', key: 'x', expected: long, value: `${long}v` }),
    ]);
    const refused = (reason: string) => result({ ok: false, reason });
    expect(answers.slice(1)).toEqual([
      refused('value-too-long'),
      refused('value-too-long'),
      refused('key-too-long'),
      refused('value-too-long'),
    ]);
    expect(storePage(machine, { after: null, limit: 10 }).items).toEqual([{ key: 'x', value: long }]);
  });

  test.each([
    7,
    null,
    'text',
    [],
    {},
    { op: 'put', key: 'x', value: '1' },
    { op: 'set', key: 1, value: '1' },
  ] as Json[])('invalid command (%j) → answered not-a-command, store unchanged, as Start() needs', (json) => {
    const { answers, machine } = applyAll([start(set('a', '1')), start(json)]);
    expect(answers[1]).toEqual(result({ ok: false, reason: 'not-a-command' }));
    expect([keyCount(machine), machine.lastApplied]).toEqual([1, 2]);
  });

  test('command: the same twice without a session → applied twice', () => {
    const { machine } = applyAll([start(append('x', 'a')), start(append('x', 'a'))]);
    expect(storePage(machine, { after: null, limit: 10 }).items).toEqual([{ key: 'x', value: 'aa' }]);
  });
});

describe('sessions', () => {
  test('§6.3 R4 session: entry of type session → opened with the entry’s index as its id', () => {
    const { answers, machine } = applyAll([{ type: 'noop' }, OPEN, OPEN]);
    expect(answers).toEqual([{ type: 'none' }, { type: 'session', session: 2 }, { type: 'session', session: 3 }]);
    expect(sessionCount(machine)).toBe(2);
  });

  test('§6.3 R4 session: number repeated after other changes → applied once, first answer again', () => {
    const { answers, machine } = applyAll([
      OPEN,
      inSession(1, 1, append('x', 'a')),
      start(set('x', 'other')),
      inSession(1, 1, append('x', 'a')),
      inSession(1, 1, { op: 'delete', key: 'x' }),
    ]);
    expect(answers.slice(3)).toEqual([answers[1], answers[1]]);
    expect(storePage(machine, { after: null, limit: 10 }).items).toEqual([{ key: 'x', value: 'other' }]);
  });

  test('§6.3 R4 session: lower number → superseded; higher number, even with gaps → applied', () => {
    const { answers, machine } = applyAll([
      OPEN,
      inSession(1, 5, set('x', '5')),
      inSession(1, 4, set('x', '4')),
      inSession(1, 9, set('x', '9')),
      inSession(1, 0, set('x', '0')),
    ]);
    const superseded = { type: 'refused', reason: 'superseded' };
    expect([answers[2], answers[4]]).toEqual([superseded, superseded]);
    expect(storePage(machine, { after: null, limit: 10 }).items).toEqual([{ key: 'x', value: '9' }]);
  });

  test('§6.3 R4 session: unknown id → refused, not opened', () => {
    const { answers, machine } = applyAll([inSession(7, 1, set('x', '1'))]);
    expect(answers).toEqual([{ type: 'refused', reason: 'unknown-session' }]);
    expect([keyCount(machine), sessionCount(machine)]).toEqual([0, 0]);
  });

  test('§6.3 R4 sessions: same number in two → independent; refusals stored like answers', () => {
    const { answers } = applyAll([
      OPEN,
      OPEN,
      inSession(1, 1, set('x', '1')),
      inSession(2, 1, 7),
      inSession(2, 1, set('y', '1')),
    ]);
    expect(answers.slice(2)).toEqual([
      result({ ok: true, value: '1', previous: null }),
      result({ ok: false, reason: 'not-a-command' }),
      result({ ok: false, reason: 'not-a-command' }),
    ]);
  });
});

describe('machine as a value', () => {
  test('machine: entries applied → older version unchanged', () => {
    const { machine } = applyAll([OPEN, start(set('x', '1'))]);
    const copy = structuredClone(machine);
    applyAll([start(set('x', '2')), inSession(1, 1, { op: 'delete', key: 'x' }), OPEN], machine);
    expect(machine).toEqual(copy);
  });

  test('machine: entry out of log order → error with both indexes', () => {
    expect(() => applyEntry(rules, emptyMachine(), { type: 'noop', index: 2, term: 1 })).toThrow(
      'entry 2 cannot be applied after entry 0',
    );
  });

  test('store page: keys set in any order → key order, and the key after which to continue', () => {
    const keys = ['b', 'a10', 'B', 'a2', 'é', '10', '9', ''];
    const { machine } = applyAll(keys.map((key) => start(set(key, key))));
    const sorted = [...keys].sort();
    expect(storePage(machine, { after: null, limit: 100 })).toMatchObject({ lastApplied: 8, total: 8, next: null });
    const read: string[] = [];
    let after: string | null = null;
    do {
      const page: StorePage = storePage(machine, { after, limit: 3 });
      read.push(...page.items.map((item) => item.key));
      after = page.next;
    } while (after !== null);
    expect(read).toEqual(sorted);
    expect(storePage(machine, { after: null, limit: 1 })).toMatchObject({ items: [{ key: '' }], next: '' });
    expect(storePage(machine, { after: '', limit: 7 })).toMatchObject({ next: null });
  });

  test('store page: long values → ends before its size limit, but is never empty', () => {
    const long = 'x'.repeat(MAX_VALUE_LENGTH);
    const { machine } = applyAll(Array.from({ length: 20 }, (_, at) => start(set(String(at + 10), long))));
    const page = storePage(machine, { after: null, limit: 100 });
    expect([page.items.length, page.next]).toEqual([7, '16']);
    expect(storePage(machine, { after: '16', limit: 100 })).toMatchObject({ items: { length: 7 }, next: '23' });
    expect(storePage(machine, { after: '23', limit: 100 })).toMatchObject({ items: { length: 6 }, next: null });
  });
});
