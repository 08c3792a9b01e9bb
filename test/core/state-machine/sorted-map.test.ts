/** The sorted map behaves like a Map with ordered keys, and a change leaves the older version unchanged. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  EMPTY_MAP,
  getItem,
  itemsAfter,
  removeItem,
  type SortedMap,
  setItem,
} from '../../../src/core/state-machine/sorted-map.ts';

const changes = fc.array(
  fc.record({
    key: fc.oneof(fc.string({ maxLength: 2 }), fc.constantFrom('__proto__', 'constructor')),
    value: fc.option(fc.nat()),
  }),
  { maxLength: 200 },
);

test('sorted map: any changes → equals a Map with sorted keys and stays balanced', () => {
  fc.assert(
    fc.property(changes, (all) => {
      let map: SortedMap<string, number> = EMPTY_MAP;
      const model = new Map<string, number>();
      for (const { key, value } of all) {
        map = value === null ? removeItem(map, key) : setItem(map, key, value);
        value === null ? model.delete(key) : model.set(key, value);
      }
      const sorted = [...model].sort(([one], [other]) => (one < other ? -1 : 1));
      expect(itemsAfter(map, null, Number.POSITIVE_INFINITY)).toEqual(sorted);
      expect(map.size).toBe(model.size);
      for (const after of ['', 'b', sorted[0]?.[0] ?? 'a', sorted.at(-1)?.[0] ?? 'z']) {
        expect(itemsAfter(map, after, 2)).toEqual(sorted.filter(([key]) => key > after).slice(0, 2));
      }
      for (const { key } of all) {
        expect(getItem(map, key)).toBe(model.get(key));
      }
      expect(map.root?.height ?? 0).toBeLessThanOrEqual(1.45 * Math.log2(model.size + 2));
    }),
  );
});

test('sorted map: 10,000 rising keys → 14 levels, older versions unchanged', () => {
  let map: SortedMap<number, number> = EMPTY_MAP;
  let half = map;
  for (let key = 1; key <= 10_000; key++) {
    map = setItem(map, key, key);
    half = key === 5000 ? map : half;
  }
  expect(map.root?.height).toBe(14);
  expect([half.size, getItem(half, 5001), getItem(map, 5001)]).toEqual([5000, undefined, 5001]);
  expect(itemsAfter(map, null, 3)).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
});
