/** The comparison of pairs of rows: medians, their ratio with its spread, and void rows, which are left out. */
import { expect, test } from 'vitest';
import { comparisonOf, mediansOf, type Pair } from '../../../src/cli/bench/compare.ts';
import { row } from './rows.ts';

const of = { servers: 3, clients: 64, durability: 'fsync' } as const;

function pair(here: number, there: number): Pair {
  const rows = { this: row({ writesPerSecond: here }), against: row({ writesPerSecond: there }) };
  return { first: 'this', ...rows, ratio: here / there };
}

test('comparison: several pairs → ratio of the medians, spread of the pairs', () => {
  const pairs = [pair(1300, 1000), pair(2600, 2000), pair(3600, 3000)];
  const { ratio, spread, ...rest } = comparisonOf(of, pairs);
  expect([rest.this.writesPerSecond, rest.against.writesPerSecond, ratio]).toEqual([2600, 2000, 1.3]);
  expect(spread).toMatchObject({ low: 1.2, high: 1.3 });
});

test('comparison: a pair with a void row → left out of all figures, and still listed', () => {
  const bad = row({ writesPerSecond: 90_000, void: [{ code: 'nothing', params: {} }] });
  const voided: Pair = { first: 'against', this: bad, against: row({ writesPerSecond: 1 }), ratio: null };
  const found = comparisonOf(of, [pair(1300, 1000), voided]);
  expect(found).toMatchObject({ ratio: 1.3, spread: { low: 1.3, high: 1.3 } });
  expect([found.this.writesPerSecond, found.against.writesPerSecond, found.pairs.length]).toEqual([1300, 1000, 2]);
});

test('comparison: no pair counts → no ratio', () => {
  expect(comparisonOf(of, [])).toMatchObject({ ratio: null, spread: null, this: { writesPerSecond: null } });
});

test('medians: one row without a known leader → omitted from the leader’s median only', () => {
  const { cpuUs } = row();
  const rows = [100, 200, null].map((leader, at) => row({ cpuUs: { ...cpuUs, leader, network: at } }));
  expect(mediansOf(rows).cpuUs).toMatchObject({ leader: 150, network: 1 });
});
