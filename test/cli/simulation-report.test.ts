/** The report of many seeds: its exit code after a broken promise, and after a fault that never happened. */
import { expect, test } from 'vitest';
import { exitCodeOf, reportOf, textOf } from '../../src/cli/simulation-report.ts';
import { createSay } from '../../src/cli/words.ts';
import { rules } from '../../src/core/raft/index.ts';
import { type BranchCounts, countedRules, type SimulationResult, simulate } from '../../src/core/simulation/index.ts';

const branches: BranchCounts = {};
const short = simulate({ seed: 1, steps: 200, rules: countedRules(rules, branches) });
/** Returns the report of one short run, counted `seeds` times. Most faults and branches never occur in it. */
const report = (seeds: number, more: readonly SimulationResult[] = []) =>
  reportOf([...Array.from({ length: seeds }, () => short), ...more], branches, 1);

test('simulation report: few seeds that miss a fault → reported, exit code 0', () => {
  const few = report(20);
  expect(few.silent).not.toEqual([]);
  expect(textOf(createSay('en'), few)).toContain(`never happened: ${few.silent.join(', ')}`);
  expect(exitCodeOf(few)).toBe(0);
});

test('simulation report: 80 seeds that miss a fault → no proof, exit code 4', () => {
  expect(exitCodeOf(report(79))).toBe(0);
  expect(exitCodeOf(report(80))).toBe(4);
});

test('simulation report: one broken promise → exit code 1, however many seeds', () => {
  const broken = { property: 'vote-once', sentence: 'S1 voted twice', step: 7 } as const;
  expect(exitCodeOf(report(0, [{ ...short, broken }]))).toBe(1);
  expect(exitCodeOf(report(80, [{ ...short, broken }]))).toBe(1);
});
