/** Facts that a server revealed, held against its files at the end of that life and of later ones; and what excuses a shorter log. */
import { expect, test } from 'vitest';
import type { Verdict } from '../../../src/core/check/index.ts';
import { type Report, verdictOn } from './reports.ts';

const verdictOf = (...reports: readonly Report[]): Verdict => verdictOn('durable-before-reveal', reports);

const outcomeOf = (...reports: readonly Report[]): string => verdictOf(...reports).outcome;

/** S2 answers in a term, with the vote or the last entry that it acknowledges. */
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

/** S3, which leads in some tests, has what it speaks for on its disk. */
const leaderOnDisk: Report = ['S3', { event: 'TermAdvanced', term: 3 }];

/** Every order of these. */
function orders<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, at) => orders(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}

test('acknowledged entry: held at the end of its life, lost at the end of the next → violated', () => {
  const verdict = verdictOf(acked(1, 1), files(1, 1, 1), restored(2, 1, 1), files(2, 1, 0));
  expect(verdict.outcome).toBe('violated');
  expect(verdict.violations).toHaveLength(1);
  expect(verdict.violations[0]?.proof.map(({ event }) => event)).toEqual(['MessageSent', 'DiskObserved']);
});

test('vote: held at the end of its life, lost at the end of the next → violated', () => {
  expect(outcomeOf(voted(1), files(1, 1, 0, 'S1'), restored(2, 1, 0, 'S1'), files(2, 1, 0))).toBe('violated');
});

test('a life that dies in its boot: its files are a witness of earlier lives → violated', () => {
  expect(outcomeOf(acked(1, 1), files(1, 1, 1), files(2, 1, 0))).toBe('violated');
});

test('what a later life revealed: held against its own end, not against earlier ends → valid', () => {
  expect(outcomeOf(files(1, 1, 0), restored(2, 1, 0), acked(1, 3, 2), files(2, 1, 3))).toBe('valid');
});

test('acknowledged entry: lost in files of a higher term, and nothing cut it → violated', () => {
  const verdict = verdictOf(acked(1, 1), files(1, 2, 0), restored(2, 2, 0));
  expect(verdict).toMatchObject({ outcome: 'violated', more: 0 });
  expect(verdict.violations).toHaveLength(1);
});

test('vote: a higher term supersedes it → valid', () => {
  expect(outcomeOf(voted(1), files(1, 2, 0, 'S3'))).toBe('valid');
});

test.each<readonly [string, string, readonly Report[]]>([
  ['cut in that term, reported by the server', 'valid', [truncated(2, 1)]],
  ['cut above what is left', 'violated', [truncated(2, 4)]],
  ['cut before it was acknowledged', 'violated', [truncated(1, 1)]],
  ['cut in a higher term than that of the files', 'violated', [truncated(4, 1)]],
  ['cut in a later life', 'violated', [truncated(2, 1, 2)]],
  ['request of a later leader, cut not reported', 'valid', [asked(2, 0, 1)]],
  ['request that can only cut higher up', 'violated', [asked(2, 3, 4)]],
  ['heartbeat of a later leader', 'violated', [asked(2, 0)]],
  ['request of the same term', 'violated', [asked(1, 0, 1)]],
])('log shorter than acknowledged: %s → %s', (_name, outcome, cuts) => {
  for (const order of orders([acked(1, 5), ...cuts, files(1, 3, 2)]))
    expect(outcomeOf(leaderOnDisk, ...order)).toBe(outcome);
});

test('request sent to the next life: no excuse for the files before it → violated', () => {
  const again = [rejected(2, 2), asked(2, 0, 1), acked(2, 5, 2)];
  expect(outcomeOf(acked(1, 5), files(1, 2, 0), restored(2, 2, 0), ...again)).toBe('violated');
});

test('entries of an old term lost: a vote in a later term hides nothing → violated', () => {
  expect(outcomeOf(acked(1, 5), voted(2), files(1, 2, 4, 'S1'))).toBe('violated');
});

test.each<readonly [string, Report]>([
  ['an event of the server was lost', ['S2', { event: 'TermAdvanced', term: 2, from: 1, nseq: 3 }]],
  ['the network was killed', ['lab', { event: 'NetworkExited', code: null, signal: 'SIGKILL', cause: 'ordered' }]],
  ['the network never ended', ['lab', { event: 'NetworkSpawned' }]],
  ['the lab was killed', ['lab', { event: 'LabRestarted' }]],
])('a shorter log in a higher term: %s → unknown', (_name, hole) => {
  for (const order of orders([acked(1, 1), hole, files(1, 2, 0)])) {
    expect(verdictOf(...order)).toMatchObject({ outcome: 'unknown', reasons: { 'lost-events': expect.any(Number) } });
  }
});

test('a file that lost what several lives revealed → one violation', () => {
  const lives = [1, 2, 3].flatMap((life) => [acked(1, life, life), files(life, 1, life), restored(life + 1, 1, life)]);
  expect(verdictOf(...lives, files(4, 1, 0)).violations).toHaveLength(1);
});

test('more lives than are followed: the first one’s entry lost in the last → violated', () => {
  const quiet = Array.from({ length: 200 }, (_, at) => [files(at + 1, 1, 1), restored(at + 2, 1, 1)]).flat();
  expect(outcomeOf(acked(1, 1), ...quiet)).toBe('valid');
  expect(outcomeOf(acked(1, 1), ...quiet, files(201, 1, 0))).toBe('violated');
});
