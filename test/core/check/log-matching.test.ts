/** Finds two logs with different entries at one index and term, also if only one of them reports a chain there. */
import { expect, test } from 'vitest';
import { chainOf, GENESIS_CHAIN } from '../../../src/core/raft/chain.ts';
import type { WireEntry } from '../../../src/core/vocabulary/index.ts';
import { type Report, verdictOn } from './reports.ts';

const entry = (index: number, key: string, value = '1'): WireEntry => ({
  ...{ type: 'command', index, term: 1, session: null, sequence: null },
  command: { op: 'set', key, value },
});
const BATCH = [entry(1, 'a'), entry(2, 'b'), entry(3, 'c')];
const chainUpTo = (index: number, entries = BATCH): string => entries.slice(0, index).reduce(chainOf, GENESIS_CHAIN);
const OTHER = [entry(1, 'a'), entry(2, 'x')];

const elected = (source: string): Report => [
  source,
  { event: 'LeaderElected', term: 1, voters: ['S1', 'S2'], lastIndex: 0, chain: GENESIS_CHAIN },
];
const proposed = (source: string, entries: readonly WireEntry[], chain: string): Report => [
  source,
  { event: 'EntriesProposed', term: 1, first: 1, last: entries.length, entries, chain },
];
const appended = (source: string, last: number, chain: string, term = 1): Report => [
  source,
  { event: 'EntriesAppended', term, first: 1, last, chain, runs: [{ term, first: 1, last }] },
];
const LEADER = [elected('S1'), proposed('S1', BATCH, chainUpTo(3))];
const RIGHT = [appended('S3', 3, chainUpTo(3))];
const WRONG = [appended('S2', 2, chainUpTo(2, OTHER))];

test.each<[string, readonly Report[]]>([
  ['after the batch', [...LEADER, ...RIGHT, ...WRONG]],
  ['before the others', [...LEADER, ...WRONG, ...RIGHT]],
  ['before the proposal', [...WRONG, ...RIGHT, ...LEADER]],
])('log-matching: different entry inside a batch, reported %s → violated', (_when, reports) => {
  const { outcome, violations } = verdictOn('log-matching', reports);
  expect(outcome).toBe('violated');
  expect(violations[0]?.params).toMatchObject({ index: 2, term: 1 });
});

test('log-matching: different long command inside a batch → violated', () => {
  const long = [entry(1, 'a'), entry(2, 'b', 'v'.repeat(5_000)), entry(3, 'c')];
  const reports = [elected('S1'), proposed('S1', long, chainUpTo(3, long)), ...WRONG];
  expect(verdictOn('log-matching', reports).outcome).toBe('violated');
});

test('log-matching: two leaders of one term propose batches of different lengths → violated', () => {
  const reports = [...LEADER, elected('S2'), proposed('S2', OTHER, chainUpTo(2, OTHER))];
  expect(verdictOn('log-matching', reports).outcome).toBe('violated');
  const turned = [elected('S2'), proposed('S2', OTHER, chainUpTo(2, OTHER)), ...LEADER];
  expect(verdictOn('log-matching', turned).outcome).toBe('violated');
});

test('log-matching: followers append a part of the batch → valid', () => {
  const reports = [...LEADER, ...RIGHT, appended('S2', 1, chainUpTo(1)), appended('S2', 2, chainUpTo(2))];
  expect(verdictOn('log-matching', reports)).toMatchObject({ outcome: 'valid', examined: 4 });
});

test('log-matching: entry of another term at an index inside the batch → valid', () => {
  const reports = [...LEADER, ...RIGHT, appended('S2', 2, chainUpTo(2, OTHER), 2)];
  expect(verdictOn('log-matching', reports).outcome).toBe('valid');
});
