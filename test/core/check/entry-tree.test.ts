/**
 * The tree of entries stays within its bounds: a reference to a late entry does not keep all earlier ones in memory.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Digests } from '../../../src/core/check/digest.ts';
import type { EntryNode } from '../../../src/core/check/entry-node.ts';
import { ancestorAt, EntryTree } from '../../../src/core/check/entry-tree.ts';
import { chainOf, GENESIS_CHAIN } from '../../../src/core/raft/index.ts';
import type { WireEntry } from '../../../src/core/vocabulary/index.ts';
import { checkProperty } from '../../helpers/property.ts';
import { wireEntry } from '../raft/helpers.ts';

const newTree = (most?: number): EntryTree => new EntryTree(new Digests(), most);

function grow(tree: EntryTree, behind: EntryNode | undefined, entries: readonly WireEntry[]): EntryNode {
  const chain = entries.reduce(chainOf, (behind?.chain as string | undefined) ?? GENESIS_CHAIN);
  const last = tree.grow(behind ?? tree.root, entries, chain);
  if (last === undefined) throw new Error('no last');
  return last;
}

/** Grows a log in one term, with one entry in each batch. */
function longLog(tree: EntryTree, length: number, behind?: EntryNode): EntryNode {
  let end = behind;
  const from = behind?.index ?? 0;
  for (let index = from + 1; index <= from + length; index += 1) end = grow(tree, end, [wireEntry(index, 1)]);
  return end as EntryNode;
}

/** Nodes that can be reached by either pointer. */
function reachable(end: EntryNode): Set<EntryNode> {
  const seen = new Set<EntryNode>();
  const left = [end];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    left.push(...[node.parent, node.jump].filter((next) => next !== null));
  }
  return seen;
}

test('entry tree: batch behind the root → entries are found by index and by chain', () => {
  const tree = newTree();
  const last = grow(tree, undefined, [wireEntry(1, 1), wireEntry(2, 1), wireEntry(3, 2)]);
  expect([0, 1, 2, 3, 4].map((index) => ancestorAt(last, index)?.term)).toEqual([0, 1, 1, 2, undefined]);
  expect(tree.find(last.chain as string, 3)).toBe(last);
});

test('whenKnown: entry is not known yet → called once the entry is added', () => {
  const tree = newTree();
  const chain = grow(newTree(), undefined, [wireEntry(1, 1)]).chain as string;
  const known: number[] = [];
  expect(tree.whenKnown(chain, 1, ({ index }) => known.push(index))).toBe(true);
  expect(known).toEqual([]);
  grow(tree, undefined, [wireEntry(1, 1)]);
  expect(known).toEqual([1]);
});

test('entry tree: more entries than its bound → oldest are forgotten, walks end there', () => {
  const tree = newTree(100);
  const end = longLog(tree, 1_000);
  let length = 0;
  for (let at: EntryNode | null = end; at !== null; at = at.parent) length += 1;
  // The oldest kept entry still points to the newest forgotten one.
  expect(length).toBe(101);
  // The second pointers reach a few more nodes, but no pointer leads further.
  expect(reachable(end).size).toBeLessThan(200);
  expect(ancestorAt(end, 950)?.index).toBe(950);
  expect(ancestorAt(end, 700)).toBeNull();
});

test('ancestorAt: any entry of any branch → same result as a walk by parents', () => {
  const tree = newTree();
  const trunk = longLog(tree, 700);
  const branch = longLog(tree, 300, ancestorAt(trunk, 333) as EntryNode);
  const walk = (from: EntryNode, index: number): EntryNode | null => {
    let at: EntryNode | null = from;
    while (at !== null && at.index > index) at = at.parent;
    return at;
  };
  const of = fc.record({ isTrunk: fc.boolean(), index: fc.nat(700) });
  const same = fc.property(of, ({ isTrunk, index }) => {
    const end = isTrunk ? trunk : branch;
    expect(ancestorAt(end, index)).toBe(index > end.index ? null : walk(end, index));
  });
  checkProperty('test/core/check/entry-tree.test.ts', same);
});

test('ancestorAt: early entry of a log of 100,000 → fewer than 180 indexes are read', () => {
  const end = longLog(newTree(), 100_000);
  let steps = 0;
  const counted = (node: EntryNode): EntryNode =>
    new Proxy(node, {
      get(target, name) {
        if (name === 'index') steps += 1;
        const member = Reflect.get(target, name) as unknown;
        return (name === 'parent' || name === 'jump') && member !== null ? counted(member as EntryNode) : member;
      },
    });
  for (const index of [1, 2, 777, 65_536, 99_998]) {
    steps = 0;
    expect(ancestorAt(counted(end), index)?.index).toBe(index);
    expect(steps).toBeLessThan(3 * 60);
  }
});

/** A command whose chain is not computed inside a batch until a claim names it. */
const longEntry = (index: number, term: number): WireEntry => ({
  ...{ index, term, type: 'command', session: null, sequence: null },
  command: { op: 'set', key: 'x', value: `${index} ${'y'.repeat(5_000)}` },
});

test('long commands inside batches: any chain is looked up at any time → its entry', () => {
  const batches = fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 });
  const named = fc.array(fc.record({ after: fc.nat(8), index: fc.integer({ min: 1, max: 32 }) }), { maxLength: 12 });
  const same = fc.property(batches, named, (lengths, asked) => {
    const log = lengths.flat().map((isLong, at) => (isLong ? longEntry(at + 1, 1) : wireEntry(at + 1, 1)));
    const chains = log.map((_, at) => log.slice(0, at + 1).reduce(chainOf, GENESIS_CHAIN));
    const tree = newTree();
    const heard: number[] = [];
    let end = tree.root;
    for (const [batch, { length }] of lengths.entries()) {
      for (const { after, index } of asked) {
        const chain = chains[index - 1];
        if (after === batch && chain !== undefined) tree.whenKnown(chain, index, (node) => heard.push(node.index));
      }
      end = grow(tree, end, log.slice(end.index, end.index + length));
    }
    const expected = asked.filter(({ after, index }) => after < lengths.length && index <= log.length);
    expect(heard.toSorted()).toEqual(expected.map(({ index }) => index).toSorted());
    for (const [at, chain] of chains.entries()) {
      expect(tree.find(chain, at + 1)).toBe(ancestorAt(end, at + 1));
      expect(ancestorAt(end, at + 1)?.chain).toBe(chain);
    }
  });
  checkProperty('test/core/check/entry-tree.test.ts', same);
});

test('long commands inside batches: more than are kept → older ones have no chain', () => {
  const tree = newTree();
  let end = tree.root;
  for (let batch = 0; batch < 200; batch += 1) {
    end = grow(tree, end, [longEntry(end.index + 1, 1), wireEntry(end.index + 2, 1)]);
  }
  expect(tree.chainOf(ancestorAt(end, 1) as EntryNode)).toBeNull();
  expect(tree.chainOf(ancestorAt(end, 399) as EntryNode)).toMatch(/^[0-9a-f]{16}$/);
  expect(ancestorAt(end, 1)?.index).toBe(1);
  expect(tree.keptBytes()).toBeLessThan(2 * 128 * 5_300 + 400 * 800);
});
