/** Compares what a server revealed with its files after that life and later ones; tests what excuses a short log. */
import { expect, test } from 'vitest';
import type { Verdict } from '../../../src/core/check/index.ts';
import { type Report, verdictOn } from './reports.ts';

const verdictOf = (...reports: readonly Report[]): Verdict => verdictOn('durable-before-reveal', reports);

const outcomeOf = (...reports: readonly Report[]): string => verdictOf(...reports).outcome;

/** S2 replies in a term, with a vote or with the last entry that it acknowledges. */
const sent = (life: number, rpc: string, fields: object): Report => [
  'network',
  { event: 'MessageSent', id: `S2.${life}.1`, link: 'S2>S1', kind: 'reply', rpc, ...fields },
];
const voted = (term: number, life = 1) => sent(life, 'RequestVote', { term, voteGranted: true });
const acked = (term: number, matchIndex: number, life = 1) =>
  sent(life, 'AppendEntries', { term, success: true, matchIndex });
const rejected = (term: number, life: number) => sent(life, 'AppendEntries', { term, success: false });
/** A leader's request to S2. Without `first` it is a heartbeat. */
const asked = (term: number, prevLogIndex: number, first?: number): Report => [
  'network',
  {
    ...{ event: 'MessageSent', id: 'S3.1.1', link: 'S3>S2', rpc: 'AppendEntries', kind: 'request', term, prevLogIndex },
    ...(first === undefined ? {} : { first, last: first }),
  },
];
const files = (ofLife: number, term: number, lastIndex: number, votedFor: string | null = null): Report => [
  'lab',
  { event: 'DiskObserved', server: 'S2', ofLife, ok: true, term, votedFor, lastIndex, chain: `c${lastIndex}` },
];
const restored = (life: number, term: number, lastIndex: number, votedFor: string | null = null): Report => [
  'S2',
  { event: 'StateRestored', term, votedFor, lastIndex, chain: `c${lastIndex}`, runs: [] },
  life,
];
const truncated = (term: number, from: number, life = 1): Report => [
  'S2',
  { event: 'EntriesTruncated', term, from },
  life,
];

/** S3, the leader in some tests, has the term of its requests on its disk. */
const leaderOnDisk: Report = ['S3', { event: 'TermAdvanced', term: 3 }];

/** Returns every order of the items. */
function orders<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, at) => orders(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}

test('acknowledged entry: on disk after its life, lost after the next life → violated', () => {
  const verdict = verdictOf(acked(1, 1), files(1, 1, 1), restored(2, 1, 1), files(2, 1, 0));
  expect(verdict.outcome).toBe('violated');
  expect(verdict.violations).toHaveLength(1);
  expect(verdict.violations[0]?.proof.map(({ event }) => event)).toEqual(['MessageSent', 'DiskObserved']);
});

test('vote: on disk after its life, lost after the next life → violated', () => {
  expect(outcomeOf(voted(1), files(1, 1, 0, 'S1'), restored(2, 1, 0, 'S1'), files(2, 1, 0))).toBe('violated');
});

test('acknowledged entry: lost in the files of a life that died while starting → violated', () => {
  expect(outcomeOf(acked(1, 1), files(1, 1, 1), files(2, 1, 0))).toBe('violated');
});

test('acknowledged entry: missing only in files of an earlier life → valid', () => {
  expect(outcomeOf(files(1, 1, 0), restored(2, 1, 0), acked(1, 3, 2), files(2, 1, 3))).toBe('valid');
});

test('acknowledged entry: lost in files of a higher term without a truncation → violated', () => {
  const verdict = verdictOf(acked(1, 1), files(1, 2, 0), restored(2, 2, 0));
  expect(verdict).toMatchObject({ outcome: 'violated', more: 0 });
  expect(verdict.violations).toHaveLength(1);
});

test('vote: superseded by a vote in a higher term → valid', () => {
  expect(outcomeOf(voted(1), files(1, 2, 0, 'S3'))).toBe('valid');
});

test.each<readonly [string, string, readonly Report[]]>([
  ['cut reported in a later term', 'valid', [truncated(2, 1)]],
  ['cut explains only a part', 'violated', [truncated(2, 4)]],
  ['cut in the term of the acknowledgement', 'violated', [truncated(1, 1)]],
  ['cut in a higher term than that of the files', 'violated', [truncated(4, 1)]],
  ['cut in a later life', 'violated', [truncated(2, 1, 2)]],
  ['request of a later leader, no cut reported', 'valid', [asked(2, 0, 1)]],
  ['request explains only a part', 'violated', [asked(2, 3, 4)]],
  ['heartbeat of a later leader', 'violated', [asked(2, 0)]],
  ['request of the same term', 'violated', [asked(1, 0, 1)]],
])('log shorter than acknowledged: %s → %s', (_name, outcome, cuts) => {
  for (const order of orders([acked(1, 5), ...cuts, files(1, 3, 2)]))
    expect(outcomeOf(leaderOnDisk, ...order)).toBe(outcome);
});

test('acknowledged entry: lost before a later leader’s request to the next life → violated', () => {
  const again = [rejected(2, 2), asked(2, 0, 1), acked(2, 5, 2)];
  expect(outcomeOf(acked(1, 5), files(1, 2, 0), restored(2, 2, 0), ...again)).toBe('violated');
});

test('acknowledged entry: lost, with a vote in a later term → violated', () => {
  expect(outcomeOf(acked(1, 5), voted(2), files(1, 2, 4, 'S1'))).toBe('violated');
});

test.each<readonly [string, Report]>([
  ['an event of the server was lost', ['S2', { event: 'TermAdvanced', term: 2, from: 1, nseq: 3 }]],
  ['the network was killed', ['lab', { event: 'NetworkExited', code: null, signal: 'SIGKILL', cause: 'ordered' }]],
  ['the network’s end was not recorded', ['lab', { event: 'NetworkSpawned' }]],
  ['the lab was killed', ['lab', { event: 'LabRestarted' }]],
])('log shorter in a higher term: %s → unknown', (_name, hole) => {
  for (const order of orders([acked(1, 1), hole, files(1, 2, 0)])) {
    expect(verdictOf(...order)).toMatchObject({ outcome: 'unknown', reasons: { 'lost-events': expect.any(Number) } });
  }
});

test('files: entries of several lives are lost at once → one violation', () => {
  const lives = [1, 2, 3].flatMap((life) => [acked(1, life, life), files(life, 1, life), restored(life + 1, 1, life)]);
  expect(verdictOf(...lives, files(4, 1, 0)).violations).toHaveLength(1);
});

test('acknowledged entry: lost after 200 lives, more than are kept → violated', () => {
  const quiet = Array.from({ length: 200 }, (_, at) => [files(at + 1, 1, 1), restored(at + 2, 1, 1)]).flat();
  expect(outcomeOf(acked(1, 1), ...quiet)).toBe('valid');
  expect(outcomeOf(acked(1, 1), ...quiet, files(201, 1, 0))).toBe('violated');
});
