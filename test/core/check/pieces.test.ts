/** Long work in pieces has the same result as the work done at once. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atOnce, sortingBy } from '../../../src/core/check/pieces.ts';
import { checkProperty } from '../../helpers/property.ts';

const FILE = 'test/core/check/pieces.test.ts';

test('sortingBy: any numbers → sorted, equal numbers in their old order', () => {
  checkProperty(
    FILE,
    fc.property(
      fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 120 }),
      (some, times) => {
        const items = Array.from({ length: times }, () => some)
          .flat()
          .map((number, at) => ({ number, at }));
        expect(atOnce(sortingBy(items, ({ number }) => number))).toEqual(items.toSorted((a, b) => a.number - b.number));
      },
    ),
  );
});

test('sortingBy: 10,000 numbers → many pieces', () => {
  const numbers = Array.from({ length: 10_000 }, (_, at) => (at * 7_919) % 10_007);
  const sorting = sortingBy(numbers, (number) => number);
  let pieces = 1;
  let piece = sorting.next();
  for (; piece.done !== true; piece = sorting.next()) pieces += 1;
  expect(piece.value).toEqual(numbers.toSorted((a, b) => a - b));
  expect(pieces).toBeGreaterThan(20);
});
