/** Finds two logs that differ at an index, also if only one of them reports a chain there. */
import { expect, test } from 'vitest';
import { chainOf, GENESIS_CHAIN } from '../../../src/core/raft/chain.ts';
import type { WireEntry } from '../../../src/core/vocabulary/index.ts';
import { type Report, verdictOn } from './reports.ts';

const entry = (index: number, key: string): WireEntry => ({
  ...{ type: 'command', index, term: 1, session: null, sequence: null },
  command: { op: 'set', key, value: '1' },
});
const BATCH = [entry(1, 'a'), entry(2, 'b')];
const ONE = BATCH.slice(0, 1).reduce(chainOf, GENESIS_CHAIN);
const TWO = BATCH.reduce(chainOf, GENESIS_CHAIN);
const OTHER_ONE = chainOf(GENESIS_CHAIN, entry(1, 'x'));

const LEADER: readonly Report[] = [
  ['S1', { event: 'LeaderElected', term: 1, voters: ['S1', 'S2'], lastIndex: 0, chain: GENESIS_CHAIN }],
  ['S1', { event: 'EntriesProposed', term: 1, first: 1, last: 2, entries: BATCH, chain: TWO }],
];
const committed = (source: string, to: number, chain: string): Report => [
  source,
  { event: 'CommitAdvanced', term: 1, from: 0, to, chain, reason: 'leader-commit' },
];
const applied = (source: string, last: number, chain: string): Report => [
  source,
  { event: 'EntriesApplied', first: 1, last, chain },
];
const RIGHT = [committed('S3', 2, TWO), applied('S3', 2, TWO)];
const WRONG = [committed('S2', 1, OTHER_ONE), applied('S2', 1, OTHER_ONE)];

test.each<[string, readonly Report[]]>([
  ['after the batch', [...LEADER, ...RIGHT, ...WRONG]],
  ['before the batch', [...LEADER, ...WRONG, ...RIGHT]],
  ['before the proposal', [...RIGHT, ...WRONG, ...LEADER]],
])('state-machine-safety: different entry inside a batch, reported %s → violated', (_when, reports) => {
  const { outcome, violations } = verdictOn('state-machine-safety', reports);
  expect(outcome).toBe('violated');
  expect(violations[0]?.params.index).toBe(1);
});

test('state-machine-safety: different logs applied up to different indexes → violated', () => {
  const another = [entry(1, 'x'), entry(2, 'y'), entry(3, 'z')];
  const end = another.reduce(chainOf, GENESIS_CHAIN);
  const reports: readonly Report[] = [
    ...LEADER,
    ['S2', { event: 'LeaderElected', term: 2, voters: ['S2', 'S3'], lastIndex: 0, chain: GENESIS_CHAIN }],
    ['S2', { event: 'EntriesProposed', term: 2, first: 1, last: 3, entries: another, chain: end }],
    applied('S1', 2, TWO),
    applied('S2', 3, end),
  ];
  expect(verdictOn('state-machine-safety', reports).outcome).toBe('violated');
});

test('state-machine-safety: follower applies a part of the batch → valid', () => {
  const reports = [...LEADER, ...RIGHT, committed('S2', 1, ONE), applied('S2', 1, ONE)];
  expect(verdictOn('state-machine-safety', reports)).toMatchObject({ outcome: 'valid', examined: 4 });
});
