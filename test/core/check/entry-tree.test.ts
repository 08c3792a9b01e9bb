/** The tree of entries keeps what it says and lets the rest go: whoever holds a late entry does not hold all before it. */
import { expect, test } from 'vitest';
import { ancestorAt, EntryTree } from '../../../src/core/check/entry-tree.ts';
import { GENESIS_CHAIN } from '../../../src/core/raft/index.ts';
import { wireEntry } from '../raft/helpers.ts';

test('entries grow behind what their proposer had, and a log is walked down', () => {
  const tree = new EntryTree();
  const root = tree.find(GENESIS_CHAIN);
  if (root === undefined) throw new Error('no root');
  const last = tree.grow(root, [wireEntry(1, 1), wireEntry(2, 1), wireEntry(3, 2)]);
  if (last === undefined) throw new Error('no last');
  expect([0, 1, 2, 3, 4].map((index) => ancestorAt(last, index)?.term)).toEqual([0, 1, 1, 2, undefined]);
  expect(tree.find(last.chain)).toBe(last);
});

test('who names an entry early waits for it', () => {
  const tree = new EntryTree();
  const other = new EntryTree();
  const grow = (of: EntryTree) => of.grow(of.find(GENESIS_CHAIN) as never, [wireEntry(1, 1)]);
  const chain = grow(other)?.chain ?? '';
  const known: number[] = [];
  expect(tree.whenKnown(chain, ({ index }) => known.push(index))).toBe(true);
  expect(known).toEqual([]);
  grow(tree);
  expect(known).toEqual([1]);
});

test('beyond the bound the oldest are forgotten, and the way down from a later entry ends there', () => {
  const tree = new EntryTree(100);
  let end = tree.find(GENESIS_CHAIN);
  for (let index = 1; index <= 1_000; index += 1) end = end && tree.grow(end, [wireEntry(index, 1)]);
  if (end === undefined) throw new Error('no end');
  let length = 0;
  for (let at: typeof end | null = end; at !== null; at = at.parent) length += 1;
  // The last that was forgotten is still named by the oldest that is not.
  expect(length).toBe(101);
  expect(ancestorAt(end, 950)?.index).toBe(950);
  expect(ancestorAt(end, 800)).toBeNull();
});
