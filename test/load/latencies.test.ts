/** Percentiles of latencies by the nearest rank, and null without values. */
import { expect, test } from 'vitest';
import { percentilesOf } from '../../src/load/latencies.ts';

test('percentiles: a hundred values in any order → the 50th, the 99th and the largest', () => {
  const values = Array.from({ length: 100 }, (_, at) => ((at * 37) % 100) + 1);
  expect(percentilesOf(values)).toEqual({ p50Ms: 50, p99Ms: 99, maxMs: 100 });
});

test('percentiles: 9 and 10 → compared as numbers, not as text', () => {
  expect(percentilesOf([10, 9])).toEqual({ p50Ms: 9, p99Ms: 10, maxMs: 10 });
});

test('percentiles: no values → null', () => {
  expect(percentilesOf([])).toEqual({ p50Ms: null, p99Ms: null, maxMs: null });
});
