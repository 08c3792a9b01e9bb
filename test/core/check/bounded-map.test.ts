/** A bounded map keeps the newest keys, returns the values that it forgets, and costs the same beyond its bound. */
import { expect, test } from 'vitest';
import { BoundedMap } from '../../../src/core/check/bounded-map.ts';

test('bounded map: more keys than its bound → oldest value is forgotten and returned', () => {
  const map = new BoundedMap<number, string>(3);
  const forgotten = Array.from({ length: 10 }, (_, key) => map.set(key, `value ${key}`));
  expect(forgotten).toEqual([undefined, undefined, undefined, ...[0, 1, 2, 3, 4, 5, 6].map((key) => `value ${key}`)]);
  expect([...map.values()]).toEqual(['value 7', 'value 8', 'value 9']);
  expect(map.get(6)).toBeUndefined();
  expect(map.get(7)).toBe('value 7');
});

test('bounded map: key is set again → new value at its old place', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  expect(map.set('a', 3)).toBeUndefined();
  expect(map.set('c', 4)).toBe(3);
  expect([...map.values()]).toEqual([2, 4]);
});
