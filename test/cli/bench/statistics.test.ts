/** Medians, and the interval that holds the median of the distribution with at least 95 %. */
import { expect, test } from 'vitest';
import { median, spreadOf } from '../../../src/cli/bench/statistics.ts';

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => count - at);

test('median: odd, even, one, no values → middle, mean of two, the value, null', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([7]), median([])]).toEqual([2, 2.5, 7, null]);
});

test('spread: ten values → from the second smallest to the second largest, with 97.9 %', () => {
  const spread = spreadOf(upTo(10));
  expect(spread).toMatchObject({ low: 2, high: 9 });
  expect(spread?.confidence).toBeCloseTo(1 - 22 / 1024, 10);
});

test.each([
  [6, 1, 6],
  [8, 1, 8],
  [9, 2, 8],
  [12, 3, 10],
  [20, 6, 15],
])('spread: %i values → from value %i to value %i, as in tables of the sign test', (count, low, high) => {
  const spread = spreadOf(upTo(count));
  expect(spread).toMatchObject({ low, high });
  expect(spread?.confidence).toBeGreaterThanOrEqual(0.95);
});

test('spread: fewer than six values → smallest to largest, with the smaller confidence named', () => {
  expect(spreadOf([1.2, 0.9, 1.1])).toEqual({ low: 0.9, high: 1.2, confidence: 0.75 });
  expect(spreadOf([1.2])).toEqual({ low: 1.2, high: 1.2, confidence: 0 });
  expect(spreadOf([])).toBeNull();
});
