/**
 * Every proposed entry, by its chain, with its parent. Two logs are equal up to an entry exactly when their chains
 * there are equal, so a log is identified by the chain of its last entry; follow `parent` for the rest. A second
 * pointer to an older entry makes that walk O(log n). Only the part of an entry that a replay needs is kept, not its
 * text. Each entry is reported once, by the leader that proposed it. Another source that is read earlier may name its
 * chain before that; such a claim waits here until the entry is known.
 *
 * @source Myers: An applicative random-access stack (1983): the jump pointers
 */
import { chainOf, GENESIS_CHAIN } from '../raft/chain.ts';
import type { WireEntry } from '../vocabulary/index.ts';
import { BoundedMap, MOST_FACTS } from './bounded-map.ts';
import { factBytes, NAME_BYTES, RECORD_BYTES } from './bytes.ts';
import type { Digests } from './digest.ts';
import type { EntryNode } from './entry-node.ts';
import { isLong, type LoggedEntry, loggedBytes, loggedEntry } from './logged-entry.ts';
import { UnnamedEntries } from './unnamed-entries.ts';

/** Bytes of an entry without a chain, which is in no map. */
const UNNAMED_BYTES = RECORD_BYTES;

const ROOT: EntryNode = { index: 0, term: 0, chain: GENESIS_CHAIN, parent: null, jump: null, logged: null };

/** Grows with proposals; forgets the oldest entries beyond its bound. */
export class EntryTree {
  readonly #nodes: BoundedMap<string, EntryNode>;
  readonly #digests: Digests;
  readonly #waiting = new Map<string, ((node: EntryNode) => void)[]>();
  #waitingCount = 0;
  readonly #unnamed = new UnnamedEntries();
  #loggedBytes = 0;

  /** @param most  maximum number of entries that are kept */
  constructor(digests: Digests, most: number = MOST_FACTS) {
    this.#digests = digests;
    this.#nodes = new BoundedMap(most);
  }

  get root(): EntryNode {
    return ROOT;
  }

  /** Returns the entry with this chain at this index. */
  find(chain: string, index: number): EntryNode | undefined {
    if (chain === GENESIS_CHAIN) return ROOT;
    const known = this.#nodes.get(chain);
    if (known !== undefined) return known;
    for (const node of this.#unnamed.name(index)) this.#named(node);
    return this.#nodes.get(chain);
  }

  /** Returns the entry's chain; null when its command was dropped before the chain was computed. */
  chainOf(node: EntryNode): string | null {
    if (node.chain === null) for (const one of this.#unnamed.nameOne(node)) this.#named(one);
    return node.chain;
  }

  /**
   * Adds a batch behind the last entry that its proposer had.
   *
   * @param told  the chain of the last entry, as its proposer reported it
   * @returns the node of the last entry, undefined for an empty batch
   */
  grow(behind: EntryNode, entries: readonly WireEntry[], told: string): EntryNode | undefined {
    const known = this.#nodes.get(told);
    if (known !== undefined) return known;
    let parent = behind;
    for (const [at, entry] of entries.entries()) {
      const logged = loggedEntry(entry, this.#digests);
      const chain = this.#chainAfter(parent, entry, at === entries.length - 1 ? told : null);
      const node: EntryNode = { index: entry.index, term: entry.term, chain, parent, jump: jumpFrom(parent), logged };
      this.#loggedBytes += loggedBytes(logged);
      parent = node;
      if (chain !== null) this.#named(node);
      else {
        this.#loggedBytes += UNNAMED_BYTES;
        this.#unnamed.add(node, entry);
      }
    }
    return entries.length === 0 ? undefined : parent;
  }

  /**
   * Returns the chain of a new entry, or null when it is not computed yet. Hashing a long command costs more than
   * everything else here. At the end of a batch the proposer's report is used, because every other server computes the
   * chain from the entries that it received. Within a batch the chain is computed when a claim names it.
   */
  #chainAfter(parent: EntryNode, entry: WireEntry, told: string | null): string | null {
    if (parent.chain !== null && !isLong(entry)) return chainOf(parent.chain, entry);
    if (told !== null) return told;
    if (this.#waitingCount === 0) return null;
    const before = this.chainOf(parent);
    return before === null ? null : chainOf(before, entry);
  }

  /** Removes and returns the part of an entry that a replay needs; null when it was removed before. */
  take(node: EntryNode): LoggedEntry | null {
    const { logged } = node;
    if (logged === null) return null;
    node.logged = null;
    this.#loggedBytes -= loggedBytes(logged);
    return logged;
  }

  /** Calls `then` now, or once the entry is known. @returns false when too many calls wait and this one is dropped */
  whenKnown(chain: string, index: number, then: (node: EntryNode) => void): boolean {
    const node = this.find(chain, index);
    if (node !== undefined) {
      then(node);
      return true;
    }
    if (this.#waitingCount >= MOST_FACTS) return false;
    const waiting = this.#waiting.get(chain);
    if (waiting === undefined) this.#waiting.set(chain, [then]);
    else waiting.push(then);
    this.#waitingCount += 1;
    return true;
  }

  keptBytes(): number {
    const waiting = this.#waitingCount * (factBytes({ names: 1 }) + 2 * RECORD_BYTES);
    return (
      this.#nodes.size * (factBytes({ names: 1 }) + NAME_BYTES) +
      this.#loggedBytes +
      this.#unnamed.keptBytes() +
      waiting
    );
  }

  /** Cuts the links to older entries, because a later entry would otherwise keep all its ancestors in memory. */
  #forget(node: EntryNode): void {
    this.take(node);
    // Entries without a chain are in no map, so they are forgotten with the last entry of their batch.
    for (let at = node.parent; at !== null && at.chain === null; at = at.parent) {
      this.take(at);
      this.#loggedBytes -= UNNAMED_BYTES;
    }
    const cut = node as { parent: EntryNode | null; jump: EntryNode | null };
    cut.parent = null;
    cut.jump = null;
  }

  /** Adds an entry whose chain is now known, and makes the calls that wait for it. */
  #named(node: EntryNode): void {
    const { chain } = node;
    if (chain === null) return;
    const forgotten = this.#nodes.set(chain, node);
    if (forgotten !== undefined) this.#forget(forgotten);
    const waiting = this.#waiting.get(chain);
    if (waiting === undefined) return;
    this.#waiting.delete(chain);
    this.#waitingCount -= waiting.length;
    for (const then of waiting) then(node);
  }
}

/** Returns the jump of a new entry. Two jumps of one length become one of twice that length (Myers). */
function jumpFrom(parent: EntryNode): EntryNode {
  const { jump } = parent;
  if (jump === null || jump.jump === null) return parent;
  return parent.index - jump.index === jump.index - jump.jump.index ? jump.jump : parent;
}

/**
 * Returns the entry at this index of the log that ends with `node`; null when the log is shorter or forgotten there.
 */
export function ancestorAt(node: EntryNode, index: number): EntryNode | null {
  let at: EntryNode | null = node;
  while (at !== null && at.index > index) at = at.jump !== null && at.jump.index >= index ? at.jump : at.parent;
  return at !== null && at.index === index ? at : null;
}
