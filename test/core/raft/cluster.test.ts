/**
 * The random cluster: a few hundred seeds of trouble, every promise checked at each step, and agreement after
 * healing. A failure names its seed and the command that repeats it.
 */
import { expect, test } from 'vitest';
import { runSeed } from './scenario.ts';

/** More of them: RAFT_LAB_SEEDS=10000. */
const SEEDS = Number(process.env.RAFT_LAB_SEEDS ?? 300);

test(`${SEEDS} seeds of drop, duplicate, delay, crash, slow disk and partition keep every promise`, {
  timeout: 60_000 + SEEDS * 100,
}, () => {
  const only = process.env.RAFT_LAB_SEED;
  const seeds = only === undefined ? Array.from({ length: SEEDS }, (_, seed) => seed) : [Number(only)];
  let elections = 0;
  let committed = 0;
  for (const seed of seeds) {
    const outcome = runSeed(seed);
    elections += outcome.elections;
    committed += outcome.committed;
  }
  // A cluster that did nothing would keep every promise too.
  expect(elections).toBeGreaterThan(seeds.length);
  expect(committed).toBeGreaterThan(seeds.length * 5);
});

test('one seed gives one run, to the last number', () => {
  expect(runSeed(4)).toEqual(runSeed(4));
});
