/** The pairwise table covers every pair and is much smaller than all combinations. */
import { expect, test } from 'vitest';
import { pairwiseRows } from './pairs.ts';

const FACTORS = { a: [1, 2, 3, 4], b: ['x', 'y', 'z'], c: [true, false], d: [0, 1] } as const;

test('pairwise rows: four factors → every pair of values is in a row', () => {
  const rows = pairwiseRows(FACTORS);
  const names = Object.keys(FACTORS) as (keyof typeof FACTORS)[];
  const absent = names.flatMap((one, at) =>
    names
      .slice(at + 1)
      .flatMap((two) =>
        FACTORS[one].flatMap((left) =>
          FACTORS[two].flatMap((right) =>
            rows.some((row) => row[one] === left && row[two] === right) ? [] : [`${one}=${left} ${two}=${right}`],
          ),
        ),
      ),
  );
  expect(absent).toEqual([]);
  expect(rows.length).toBeLessThanOrEqual(14);
});
