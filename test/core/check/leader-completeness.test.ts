/**
 * Leader Completeness beyond its bounds and in every order. The verdict is that of comparing each leader with each
 * commit. An election costs the same after any number of terms. Forgotten entries do not spoil later elections.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Digests } from '../../../src/core/check/digest.ts';
import type { EntryNode } from '../../../src/core/check/entry-node.ts';
import { ancestorAt, EntryTree } from '../../../src/core/check/entry-tree.ts';
import { byName } from '../../../src/core/check/handlers.ts';
import { LEADER_COMPLETENESS_RULE, leaderCompleteness } from '../../../src/core/check/leader-completeness.ts';
import { UntoldCommands } from '../../../src/core/check/untold-commands.ts';
import { Account, type Verdict } from '../../../src/core/check/verdict.ts';
import { chainOf } from '../../../src/core/raft/index.ts';
import type { TraceEvent } from '../../../src/core/trace/index.ts';
import { checkProperty } from '../../helpers/property.ts';
import { wireEntry } from '../raft/helpers.ts';

/** A judge of this property alone, with a tree in which tests grow logs. */
class World {
  readonly tree: EntryTree;
  readonly #account = new Account('leader-completeness', LEADER_COMPLETENESS_RULE, () => {});
  readonly #property: ReturnType<typeof leaderCompleteness>;
  #seq = 0;

  constructor(tree = new EntryTree(new Digests())) {
    this.tree = tree;
    const ground = { servers: [], tree, digests: new Digests(), untold: new UntoldCommands() };
    this.#property = leaderCompleteness(this.#account, ground);
  }

  get root(): EntryNode {
    return this.tree.root;
  }

  /** Adds entries of this term behind a log. @returns the last entry */
  grow(behind: EntryNode, term: number, count = 1): EntryNode {
    const entries = Array.from({ length: count }, (_, at) => wireEntry(behind.index + at + 1, term));
    return this.tree.grow(behind, entries, entries.reduce(chainOf, behind.chain as string)) as EntryNode;
  }

  elected(term: number, { chain, index: lastIndex }: EntryNode): void {
    this.#tell({ source: 'S1', event: 'LeaderElected', term, lastIndex, chain, voters: [] });
  }

  committed(term: number, { chain, index: to }: EntryNode): void {
    this.#tell({ source: 'S1', event: 'CommitAdvanced', reason: 'quorum', term, from: to - 1, to, chain });
  }

  finish(): Verdict {
    this.#property.finish?.();
    return this.#account.verdict();
  }

  #tell(event: object): void {
    this.#seq += 1;
    const told = { seq: this.#seq, timeUs: this.#seq, nseq: this.#seq, life: 1, ...event } as TraceEvent;
    byName(this.#property.handlers).get(told.event)?.(told);
  }
}

/** A leader or a commit of a term, with the number of its last entry in a drawn tree. */
interface Fact {
  readonly isLeader: boolean;
  readonly term: number;
  readonly node: number;
}

const facts = fc.array(fc.record({ isLeader: fc.boolean(), term: fc.integer({ min: 1, max: 6 }), node: fc.nat(11) }), {
  maxLength: 14,
});
/**
 * For each node, the distance to its parent. It is mostly 0, the node before, so that many worlds keep the property.
 */
const parents = fc.array(fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(5)), {
  minLength: 11,
  maxLength: 11,
});

test('leader-completeness: leaders and commits in any order → as comparing each pair', () => {
  const outcomes = new Set<string>();
  const same = fc.property(facts, parents, (drawn: readonly Fact[], back) => {
    const world = new World();
    const nodes = [world.root];
    for (const [at, steps] of back.entries())
      nodes.push(world.grow(nodes[Math.max(0, at - steps)] as EntryNode, at + 1));
    const node = (number: number): EntryNode => nodes[number] as EntryNode;
    for (const { isLeader, term, node: number } of drawn) {
      if (isLeader) world.elected(term, node(number));
      else world.committed(term, node(number));
    }
    const commits = drawn.filter(({ isLeader }) => !isLeader);
    const judged = drawn.filter(({ isLeader, term }) => isLeader && commits.some((commit) => commit.term < term));
    const isKept = judged.every((leader) =>
      commits.every((commit) => {
        const below = ancestorAt(node(leader.node), node(commit.node).index);
        return commit.term >= leader.term || below === node(commit.node);
      }),
    );
    const outcome = isKept ? (judged.length > 0 ? 'valid' : 'not-judged') : 'violated';
    outcomes.add(outcome);
    expect(world.finish()).toMatchObject({ outcome, examined: judged.length, unknown: 0 });
  });
  checkProperty('test/core/check/leader-completeness.test.ts', same, 2_000);
  expect(outcomes).toEqual(new Set(['valid', 'violated', 'not-judged']));
});

test('leader-completeness: elections after 250,000 entries of one term → valid', () => {
  const world = new World();
  let log = world.grow(world.root, 1);
  world.elected(1, world.root);
  for (let batch = 0; batch < 2_500; batch += 1) {
    log = world.grow(log, 1, 100);
    world.committed(1, log);
  }
  for (let term = 2; term < 20; term += 1) {
    world.elected(term, log);
    log = world.grow(log, term);
    world.committed(term, log);
  }
  expect(world.finish()).toMatchObject({ outcome: 'valid', examined: 18, unknown: 0 });
});

test('leader-completeness: commit is forgotten before a later leader is observed → unknown', () => {
  const world = new World(new EntryTree(new Digests(), 100));
  const first = world.grow(world.root, 1);
  world.committed(1, first);
  const log = world.grow(first, 1, 500);
  world.elected(2, log);
  expect(world.finish()).toMatchObject({ outcome: 'unknown', examined: 0, reasons: { forgotten: 1 } });
});

/** A tree that counts how many entries walks read. */
class CountingTree extends EntryTree {
  looks = 0;

  override whenKnown(chain: string, index: number, then: (node: EntryNode) => void): boolean {
    return super.whenKnown(chain, index, (node) => then(this.#counted(node)));
  }

  #counted(node: EntryNode): EntryNode {
    return new Proxy(node, {
      get: (target, name) => {
        if (name === 'index') this.looks += 1;
        const member = Reflect.get(target, name) as unknown;
        return (name === 'parent' || name === 'jump') && member !== null ? this.#counted(member as EntryNode) : member;
      },
    });
  }
}

test('leader-completeness: election after 2,000 terms → reads fewer than 200 entries', () => {
  const tree = new CountingTree(new Digests());
  const world = new World(tree);
  let log = world.root;
  let looks = 0;
  for (let term = 1; term <= 2_000; term += 1) {
    const before = tree.looks;
    world.elected(term, log);
    looks = Math.max(looks, tree.looks - before);
    log = world.grow(log, term, 10);
    world.committed(term, log);
  }
  expect(looks).toBeLessThan(200);
  expect(world.finish()).toMatchObject({ outcome: 'valid', examined: 1_999, unknown: 0 });
});
