/** The order of test files, and the lists of files that run alone or first. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ALONE, LONG } from '../groups.ts';
import { drawOrder } from '../helpers/file-order.ts';
import { top } from './scripts.ts';

describe('drawn order', () => {
  const names = Array.from({ length: 20 }, (_, at) => `test/${at}.test.ts`);
  const order = (items: readonly string[], seed: number, isLong = (_: string) => false) =>
    drawOrder(items, { nameOf: (name) => name, isLong, seed });

  test('order of files: same seed → same, in whatever order the files come', () => {
    expect(order([...names].reverse(), 7)).toEqual(order(names, 7));
  });

  test('order of files: different seeds → different orders of the same files', () => {
    const orders = [1, 2, 3, 4].map((seed) => order(names, seed));
    expect(new Set(orders.map((one) => one.join())).size).toBe(4);
    for (const one of orders) expect([...one].sort()).toEqual([...names].sort());
  });

  test('order of files: slow ones → first', () => {
    const long = new Set(names.slice(10, 14));
    const first = order(names, 7, (name) => long.has(name)).slice(0, 4);
    expect(new Set(first)).toEqual(long);
  });
});

test.each([...Object.keys(ALONE), ...LONG])('list of files that run alone or first: %s → exists', (file) => {
  expect(existsSync(join(top, file))).toBe(true);
});

test('docs/testing.md: every file that runs alone → named with its reason', () => {
  const page = readFileSync(join(top, 'docs/testing.md'), 'utf8');
  for (const [file, reason] of Object.entries(ALONE)) expect(page).toContain(`| \`${file}\` | ${reason} |`);
});
