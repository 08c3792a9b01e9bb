/** Whole stores are read page by page at one index. A missing answer is distinguished from an empty store. */
import { expect, test } from 'vitest';
import type { StoreView } from '../../src/core/wire/index.ts';
import { readWholeStores } from '../../src/play/whole-stores.ts';

/** Returns a page of two keys of a store whose keys are these letters. */
function pageOf(keys: string, after: string | undefined, lastApplied = 7): StoreView {
  const rest = [...keys].filter((key) => after === undefined || key > after);
  const items = rest.slice(0, 2).map((key) => ({ key, value: key }));
  return { lastApplied, total: keys.length, items, next: rest.length > 2 ? (items.at(-1)?.key ?? null) : null };
}

function reading(page: (after: string | undefined, asked: number) => Record<string, StoreView | null>) {
  let now = 0;
  const asked: (string | undefined)[] = [];
  const options = {
    servers: ['S1', 'S2'],
    at: 7,
    withinMs: 1_000,
    nowMs: () => now,
    page: async (after: string | undefined) => {
      asked.push(after);
      return page(after, asked.length);
    },
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  return { asked, read: async () => await readWholeStores(options) };
}

const keysOf = (store: unknown): string =>
  (store as readonly { readonly key: string }[]).map(({ key }) => key).join('');

test('whole stores: equal stores of three pages → every key, with one request a page', async () => {
  const { asked, read } = reading((after) => ({ S1: pageOf('abcde', after), S2: pageOf('abcde', after) }));
  const stores = await read();
  expect([keysOf(stores.S1), keysOf(stores.S2)]).toEqual(['abcde', 'abcde']);
  expect(asked).toEqual([undefined, 'b', 'd']);
});

test('whole stores: stores whose pages end at different keys → every key of each', async () => {
  const { read } = reading((after) => ({ S1: pageOf('abcdef', after), S2: pageOf('acdg', after) }));
  const stores = await read();
  expect([keysOf(stores.S1), keysOf(stores.S2)]).toEqual(['abcdef', 'acdg']);
});

test('whole stores: a page without an answer → requested again; never an answer → silent', async () => {
  const late = reading((after, asked) => ({ S1: asked < 5 ? null : pageOf('abc', after), S2: null }));
  const stores = await late.read();
  expect([keysOf(stores.S1), stores.S2]).toEqual(['abc', 'silent']);
});

test('whole stores: the index changes between two pages → elsewhere', async () => {
  const { read } = reading((after) => ({
    S1: pageOf('abc', after, after === undefined ? 7 : 8),
    S2: pageOf('', after),
  }));
  const stores = await read();
  expect([stores.S1, stores.S2]).toEqual(['elsewhere', []]);
});
