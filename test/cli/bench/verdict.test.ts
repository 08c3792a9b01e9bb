/**
 * The verdict of a row: each forbidden difference between answers and logs makes it void, and each allowed one does
 * not.
 */
import { describe, expect, test } from 'vitest';
import { type Evidence, type ServerLog, verdictOf } from '../../../src/cli/bench/verdict.ts';
import type { FileEntry } from '../../../src/cluster/disk/tail-reader.ts';

const session = (index: number): FileEntry => ({ type: 'session', index, term: 1, chain: `c${index}` });
const command = (index: number, of: number, sequence: number): FileEntry => ({
  type: 'command',
  index,
  term: 1,
  chain: `c${index}`,
  session: of,
  sequence,
  command: { op: 'set', key: 'k1', value: 'v' },
});

/** Session 1 with three commands at 3, 4 and 6; session 2 with one at 5. */
const whole: readonly FileEntry[] = [
  ...[session(1), session(2), command(3, 1, 1)],
  ...[command(4, 1, 2), command(5, 2, 1), command(6, 1, 3)],
];

/** Returns evidence of servers that all have the same log and have applied it, with these changes. */
function evidence({ log = whole, sessions, repeated = [], lastApplied }: Change = {}): Evidence {
  const logs: readonly ServerLog[] = ['S1', 'S2', 'S3'].map((server) => ({ server, entries: log, problems: [] }));
  const last = log.at(-1)?.index ?? 0;
  return {
    answers: {
      sessions: sessions ?? [
        [1, [3, 4, 6]],
        [2, [5]],
      ],
      repeated,
    },
    logs,
    lastApplied: lastApplied ?? { S1: last, S2: last, S3: last },
  };
}

interface Change {
  readonly log?: readonly FileEntry[];
  readonly sessions?: Evidence['answers']['sessions'];
  readonly repeated?: Evidence['answers']['repeated'];
  readonly lastApplied?: Evidence['lastApplied'];
}

const without = (index: number): readonly FileEntry[] => whole.filter((entry) => entry.index !== index);
const codesOf = (of: Evidence): readonly string[] => verdictOf(of).map(({ code }) => code);

describe('a row counts', () => {
  test('verdict: answers and logs agree → no reason', () => {
    expect(verdictOf(evidence())).toEqual([]);
  });

  test('verdict: an unknown command is in the log → allowed', () => {
    expect(
      codesOf(
        evidence({
          sessions: [
            [1, [3, 0, 6]],
            [2, [5]],
          ],
        }),
      ),
    ).toEqual([]);
  });

  test('verdict: an unknown command is in no log → allowed', () => {
    const log = [session(1), command(2, 1, 1)];
    expect(codesOf(evidence({ log, sessions: [[1, [2, 0]]] }))).toEqual([]);
  });

  test('verdict: a command that was sent twice is in the log twice → allowed', () => {
    const log = [...whole, command(7, 1, 3)];
    expect(codesOf(evidence({ log, repeated: [[1, 3]] }))).toEqual([]);
  });
});

describe('a row is void', () => {
  test('verdict: an acknowledged command is in no log → lost, with its entry', () => {
    expect(verdictOf(evidence({ log: without(4) }))).toEqual([{ code: 'lost', params: { command: '1:2', index: 4 } }]);
  });

  test('verdict: an acknowledged command is at another index → moved', () => {
    const of = evidence({
      sessions: [
        [1, [3, 9, 6]],
        [2, [5]],
      ],
    });
    expect(verdictOf(of)).toEqual([{ code: 'moved', params: { command: '1:2', index: 9, found: 4 } }]);
  });

  test('verdict: a command that was sent once is in the log twice → doubled', () => {
    expect(codesOf(evidence({ log: [...whole, command(7, 1, 3)] }))).toEqual(['doubled']);
  });

  test('verdict: the log holds a command that no client sent → unasked', () => {
    const of = evidence({ log: [...whole, command(7, 9, 1)] });
    expect(verdictOf(of)).toEqual([{ code: 'unasked', params: { command: '9:1', index: 7 } }]);
  });

  test.each([
    ['another chain', whole.map((entry) => (entry.index === 5 ? { ...entry, chain: 'other' } : entry)), 5],
    ['another term', whole.map((entry) => (entry.index === 5 ? { ...entry, term: 2 } : entry)), 5],
    ['an entry missing in the middle', without(4), 4],
    ['an entry missing at the end', without(6), 6],
  ])('verdict: one log has %s → unequal, with the first entry that differs', (_, entries, index) => {
    const of = evidence({ lastApplied: { S1: 6, S2: 6, S3: entries.at(-1)?.index ?? 0 } });
    const logs = of.logs.map((log) => (log.server === 'S3' ? { ...log, entries } : log));
    expect(verdictOf({ ...of, logs })).toEqual([{ code: 'unequal', params: { one: 'S1', other: 'S3', index } }]);
  });

  test('verdict: a server has not applied its whole log, or did not answer → not applied', () => {
    expect(verdictOf(evidence({ lastApplied: { S1: 6, S2: 5, S3: 6 } }))).toEqual([
      { code: 'not-applied', params: { server: 'S2', lastApplied: 5, lastIndex: 6 } },
    ]);
    expect(codesOf(evidence({ lastApplied: { S1: 6, S2: null, S3: 6 } }))).toEqual(['not-applied']);
  });

  test('verdict: a file cannot be read → unreadable, with the reader’s sentence', () => {
    const of = evidence();
    const logs = of.logs.map((log) => (log.server === 'S2' ? { ...log, problems: ['the log has no tail'] } : log));
    expect(codesOf({ ...of, logs })).toEqual(['unreadable']);
  });

  test('verdict: no command was acknowledged → void', () => {
    expect(codesOf(evidence({ log: [session(1)], sessions: [[1, [0]]] }))).toEqual(['nothing']);
  });
});
