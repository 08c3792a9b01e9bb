/** Judges the history of a run: clients' commands, and Starts, which write values that clients read. */
import { expect, test, vi } from 'vitest';
import { ClientHistory } from '../../../../src/core/check/history/index.ts';
import { storeKey } from '../../../../src/core/check/history/store-key.ts';
import type { TraceEvent } from '../../../../src/core/trace/index.ts';

/** The history of these events, one millisecond apart. */
function historyOf(...events: readonly object[]): ClientHistory {
  return heard(new ClientHistory(), events);
}

function heard(history: ClientHistory, events: readonly object[]): ClientHistory {
  events.forEach((event, at) => {
    history.observe({ seq: at, timeUs: at * 1_000, source: 'lab', nseq: at, life: 1, ...event } as TraceEvent);
  });
  return history;
}

const set = (value: string) => ({ op: 'set', key: 'x', value });
const invoked = (operation: string, command: object) => ({ event: 'CommandInvoked', operation, client: 'C1', command });
const done = (operation: string, value: string, previous: string | null) => ({
  event: 'CommandDone',
  operation,
  result: { ok: true, value, previous },
});
const ordered = (server: string, command: object) => ({ event: 'StartOrdered', server, command });
const answered = (server: string, outcome: string) => ({ event: 'StartAnswered', server, outcome });

const first = [invoked('a', set('1')), done('a', '1', null)];
/** A client's write, whose answer shows the value 2 before it. */
const found2 = [invoked('b', set('3')), done('b', '3', '2')];

test('history: answer shows a value that was never written → violated', () => {
  expect(historyOf(...first, ...found2).judge().verdict).toBe('violated');
});

test('history: continued run → each key starts with one unknown value', () => {
  const verdict = (...events: readonly object[]) =>
    heard(new ClientHistory({ isWhole: false }), events).judge().verdict;
  expect(verdict(...found2)).toBe('valid');
  expect(verdict(...found2, invoked('c', set('4')), done('c', '4', '3'))).toBe('valid');
  expect(verdict(...found2, invoked('c', set('4')), done('c', '4', '2'))).toBe('violated');
  // A write without an answer may have taken effect before the first answer.
  expect(verdict(invoked('a', { op: 'append', key: 'x', value: '1' }), ...found2)).toBe('valid');
  expect(
    verdict(invoked('a', { op: 'append', key: 'x', value: '1' }), invoked('b', set('3')), done('b', '4', '2')),
  ).toBe('violated');
});

test.each(['accepted', 'no-answer', 'busy', 'refused'])(
  'Start: outcome %s, a client finds its value → valid',
  (outcome) => {
    const start = [ordered('S1', set('2')), answered('S1', outcome)];
    expect(historyOf(...first, ...start, ...found2).judge().verdict).toBe('valid');
  },
);

test('Start: value never found → valid; value found before the Start → violated', () => {
  expect(
    historyOf(...first, ordered('S1', set('2')), invoked('b', set('3')), done('b', '3', '1')).judge().verdict,
  ).toBe('valid');
  expect(historyOf(...first, ...found2, ordered('S1', set('2'))).judge().verdict).toBe('violated');
});

test('Start: refused with not-leader, its value is found → violated', () => {
  const start = [ordered('S1', set('2')), answered('S1', 'not-leader')];
  expect(historyOf(...first, ...start, ...found2).judge().verdict).toBe('violated');
  // An input that is not a command of the store writes nothing either.
  const other = [ordered('S1', { op: 'jump' }), answered('S1', 'accepted')];
  expect(historyOf(...first, ...other, ...found2).judge().verdict).toBe('violated');
});

test('Start: one of two at once is refused → either may have been applied', () => {
  const both = [ordered('S1', set('2')), ordered('S1', set('9'))];
  const answers = [answered('S1', 'not-leader'), answered('S1', 'accepted')];
  expect(historyOf(...first, ...both, ...answers, ...found2).judge().verdict).toBe('valid');
  // A later Start alone is known to be refused.
  const later = [ordered('S1', set('4')), answered('S1', 'not-leader')];
  const found4 = [invoked('c', set('5')), done('c', '5', '4')];
  expect(historyOf(...first, ...both, ...answers, ...later, ...found4).judge().verdict).toBe('violated');
});

test('Start: no client used the key → not judged', () => {
  const history = historyOf(ordered('S1', set('2')), answered('S1', 'accepted'));
  expect(history.operations()).toEqual([]);
  expect(history.judge().verdict).toBe('not-judged');
});

test('lab killed: last commands not recorded → next answer about a key is accepted', () => {
  const killed = { event: 'LabRestarted' };
  expect(historyOf(...first, killed, ...found2).judge()).toMatchObject({ verdict: 'valid', operations: 2 });
  // A key that was not used before may have been written too.
  expect(historyOf(killed, ...found2).judge()).toMatchObject({ verdict: 'valid', operations: 1 });
  // Later operations must agree with the accepted answer.
  const later = [invoked('c', set('4')), done('c', '4', '2')];
  expect(historyOf(...first, killed, ...found2, ...later).judge().verdict).toBe('violated');
  // Operations before the kill are judged as usual.
  expect(historyOf(...first, ...found2, killed, ...later).judge().verdict).toBe('violated');
});

test('lab closed in order: answer shows a value that was never written → violated', () => {
  const closed = [{ event: 'RunEnded', reason: 'closed' }, { event: 'LabRestarted' }];
  expect(historyOf(...first, ...closed, ...found2).judge().verdict).toBe('violated');
});

test('lab killed: log continues after unrecorded commands → valid without a search', () => {
  const at = (index: number, event: object) => ({ ...event, index });
  const before = [invoked('a', set('1')), at(3, done('a', '1', null))];
  const after = [invoked('b', set('3')), at(9, done('b', '3', '2'))];
  const history = historyOf(...before, { event: 'LabRestarted' }, ...after);
  expect(history.judge({ committedAt: () => null })).toMatchObject({ verdict: 'valid', steps: 3 });
});

/** A client writes one value after another, 10 s later than the other events. */
function* writes(count: number): Generator<object> {
  let previous: string | null = null;
  for (let at = 0; at < count; at += 1) {
    const value = `v${at}`;
    yield { ...invoked(`w${at}`, set(value)), timeUs: 10_000_000 + at * 100_000 };
    yield { ...done(`w${at}`, value, previous), timeUs: 10_050_000 + at * 100_000 };
    previous = value;
  }
}

test.each([
  ['a command', invoked('open', set('2'))],
  ['a Start', ordered('S1', set('2'))],
])('lab restarted: %s was open → it is over, and its key is settled', (_name, open) => {
  const [restarted, later] = [{ event: 'LabRestarted' }, [...writes(1_000)]];
  expect(historyOf(open, ...later).operations().length).toBeGreaterThan(1_000);
  const history = historyOf(open, restarted, ...later);
  expect(history.operations().length).toBeLessThan(300);
  expect(history.judge()).toMatchObject({ verdict: 'valid', unknownKeys: [] });
});

test('lab restarted: Start was open, the next one is refused → the next one wrote nothing', () => {
  const before = [ordered('S1', set('7')), { event: 'LabRestarted' }];
  const start = [ordered('S1', set('2')), answered('S1', 'not-leader')];
  expect(historyOf(...before, ...first, ...start, ...found2).judge().verdict).toBe('violated');
});

test('lab restarted: command was open, its value is found later → valid', () => {
  const open = [invoked('open', set('2')), { event: 'LabRestarted' }];
  expect(historyOf(...open, ...first, ...found2).judge().verdict).toBe('valid');
});

test('history: key with many possibilities is settled → few model steps for each event', () => {
  const step = vi.spyOn(storeKey, 'step');
  const history = new ClientHistory();
  let most = 0;
  let seq = 0;
  const tell = (source: string, event: object): void => {
    seq += 1;
    step.mockClear();
    history.observe({ seq, timeUs: 10_000 * seq, source, life: 1, nseq: seq, ...event } as unknown as TraceEvent);
    most = Math.max(most, step.mock.calls.length);
  };
  // Eight clients append at the same time, round after round. One answer in thirty is lost.
  let value = '';
  for (let round = 0; round < 150; round += 1) {
    const numbers = Array.from({ length: 8 }, (_, client) => 8 * round + client);
    for (const number of numbers) {
      const command = { op: 'append', key: 'k', value: `${number % 10}` };
      const client = `C${number % 8}`;
      tell(client, { event: 'CommandInvoked', operation: `${number}`, client, session: 1, sequence: 1, command });
    }
    for (const number of numbers) {
      const previous = value === '' ? null : value;
      value += `${number % 10}`;
      const isLost = number % 30 === 29;
      const end = isLost
        ? { event: 'CommandUnknown', reason: 'timed-out', attempts: 1 }
        : { event: 'CommandDone', index: number + 1, result: { ok: true, value, previous } };
      tell(`C${number % 8}`, { operation: `${number}`, ...end });
    }
  }
  step.mockRestore();
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(64);
});
