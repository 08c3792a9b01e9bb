/** All judges of a run together: one judge uses what another knows, and the end of a run is judged in pieces. */
import { expect, test } from 'vitest';
import { ClientHistory } from '../../../src/core/check/history/index.ts';
import { RunJudges } from '../../../src/core/check/index.ts';
import { chainOf, GENESIS_CHAIN } from '../../../src/core/raft/chain.ts';
import type { TraceEvent } from '../../../src/core/trace/index.ts';
import type { WireEntry } from '../../../src/core/vocabulary/index.ts';
import { HEALTHY_SETTINGS } from '../../helpers/healthy-trace.ts';

type Report = readonly [source: string, event: object];

const UNKNOWN = 10;
const names = Array.from({ length: UNKNOWN }, (_, at) => at + 1);

const append = (value: string) => ({ op: 'append', key: 'k', value });
const asked = (client: number, operation: string, session: number | null, command: object): Report => [
  `C${client}`,
  { event: 'CommandInvoked', operation, client: `C${client}`, session, sequence: session === null ? null : 1, command },
];
const done = (client: number, operation: string, index: number, result: object): Report => [
  `C${client}`,
  { event: 'CommandDone', operation, index, result: { ok: true, ...result } },
];

/** Ten clients append at once and give up. All their commands are committed, in reverse order. Then a client reads. */
function reports(): readonly Report[] {
  const entries: WireEntry[] = names.map((session) => ({ index: session, term: 1, type: 'session' }));
  for (const session of names.toReversed()) {
    const index = entries.length + 1;
    entries.push({ index, term: 1, type: 'command', session, sequence: 1, command: append(`${session};`) });
  }
  const last = entries.length;
  const chain = entries.reduce((below, entry) => chainOf(below, entry), GENESIS_CHAIN);
  const value = names.toReversed().map((session) => `${session};`);
  return [
    ['S1', { event: 'LeaderElected', term: 1, voters: ['S1', 'S2'], lastIndex: 0, chain: GENESIS_CHAIN }],
    ...names.map((at) => asked(at, `u${at}`, at, append(`${at};`))),
    ...names.map((at): Report => [`C${at}`, { event: 'CommandUnknown', operation: `u${at}`, reason: 'timed-out' }]),
    ['S1', { event: 'EntriesProposed', term: 1, first: 1, last, chain, entries }],
    ['S1', { event: 'CommitAdvanced', term: 1, from: 0, to: last, chain, reason: 'quorum' }],
    asked(11, 'r', 99, { op: 'get', key: 'k' }),
    done(11, 'r', last + 1, { value: value.join(''), previous: value.join('') }),
  ];
}

/** @param usPerEvent  time from one event to the next */
function told(to: { observe(event: TraceEvent): unknown }, all: readonly Report[], usPerEvent = 1_000): void {
  const counts = new Map<string, number>();
  for (const [at, [source, event]] of all.entries()) {
    const nseq = (counts.get(source) ?? 0) + 1;
    counts.set(source, nseq);
    to.observe({ seq: at + 1, timeUs: (at + 1) * usPerEvent, source, life: 1, nseq, ...event } as TraceEvent);
  }
}

function judged(all: readonly Report[], usPerEvent?: number) {
  const judges = new RunJudges({ settings: HEALTHY_SETTINGS, isWhole: true });
  told(judges, all, usPerEvent);
  return judges.finish();
}

test('finish: 2,000 commits of unreported entries → a piece for each, all unknown', () => {
  const commits = 2_000;
  const judges = new RunJudges({ settings: HEALTHY_SETTINGS, isWhole: true });
  const all = Array.from({ length: commits }, (_, at): Report => {
    const chain = String(at).padStart(16, 'a');
    return ['S1', { event: 'CommitAdvanced', term: 1, from: at, to: at + 1, chain, reason: 'quorum' }];
  });
  told(judges, all);
  const finishing = judges.finishing();
  let pieces = 0;
  let piece = finishing.next();
  for (; piece.done !== true; piece = finishing.next()) pieces += 1;
  expect(piece.value.verdicts.find(({ property }) => property === 'quorum-of-disks')).toMatchObject({
    unknown: commits,
  });
  expect(pieces).toBeGreaterThanOrEqual(commits);
});

test('history: ten committed appends without an answer → valid by the log, no search', () => {
  const { history } = judged(reports());
  expect(history).toMatchObject({ verdict: 'valid', operations: UNKNOWN + 1, unknownKeys: [] });
  expect(history.steps).toBeLessThanOrEqual(history.operations);
});

test('history: ten appends without an answer on a settled key → valid by the log', () => {
  let value = names
    .toReversed()
    .map((session) => `${session};`)
    .join('');
  const more = Array.from({ length: 400 }, (_, at): readonly Report[] => {
    const previous = value;
    value = `${previous}x`;
    return [asked(12, `m${at}`, 98, append('x')), done(12, `m${at}`, 2 * UNKNOWN + 2 + at, { value, previous })];
  });
  const { history } = judged([...reports(), ...more.flat()], 100_000);
  expect(history).toMatchObject({ verdict: 'valid', unknownKeys: [] });
  expect(history.steps).toBeLessThanOrEqual(history.operations);
});

test('history: read that the order of the log does not explain → violated', () => {
  const wrong = { value: '1;1;', previous: '1;1;' };
  const few = reports().filter(([source]) => source === 'S1' || source === 'C1');
  const { history } = judged([...few, asked(11, 'r', 99, { op: 'get', key: 'k' }), done(11, 'r', 30, wrong)]);
  expect(history).toMatchObject({ verdict: 'violated', violation: { key: 'k' } });
});

test('history: log order contradicts the times of two commands → violated', () => {
  const first = [asked(1, 'a', 1, append('1;')), done(1, 'a', 9, { value: '2;1;', previous: '2;' })];
  const second = [asked(2, 'b', 2, append('2;')), done(2, 'b', 8, { value: '2;', previous: null })];
  expect(judged([...first, ...second]).history).toMatchObject({ verdict: 'violated' });
});

test('history: 8,000 commands that fit the order of the log → judged in pieces', () => {
  const commands = 8_000;
  const history = new ClientHistory();
  const all = Array.from({ length: commands }, (_, at): readonly Report[] => {
    const previous = at === 0 ? null : `${at - 1}`;
    const set = { op: 'set', key: 'k', value: `${at}` };
    return [asked(1, `o${at}`, 1, set), done(1, `o${at}`, at + 1, { value: `${at}`, previous })];
  });
  told(history, all.flat(), 1);
  const judging = history.judging({ committedAt: () => null });
  let pieces = 1;
  let piece = judging.next();
  for (; piece.done !== true; piece = judging.next()) pieces += 1;
  expect(piece.value).toMatchObject({ verdict: 'valid', operations: commands, steps: commands });
  expect(pieces).toBeGreaterThan(20);
});

test('history: long search → runs in pieces', () => {
  const history = new ClientHistory();
  told(history, reports());
  const judging = history.judging({ limits: { mostSteps: 20_000, mostStates: 20_000 } });
  let pieces = 1;
  while (judging.next().done !== true) pieces += 1;
  expect(pieces).toBeGreaterThan(20);
});
