/**
 * Every proposed entry, by its chain, with its parent. Two logs are equal up to an entry exactly when their chains there
 * are equal, so a log is identified by the chain of its last entry; follow `parent` for the rest. A second pointer to an
 * older entry makes that walk O(log n). Only what a replay needs of an entry is kept, not its text. Each entry is reported
 * once, by the leader that proposed it; a claim that names its chain earlier, because another source is read first, waits
 * here until the entry is known.
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

/** Of an entry that is in no map. */
const UNNAMED_BYTES = RECORD_BYTES;

const ROOT: EntryNode = { index: 0, term: 0, chain: GENESIS_CHAIN, parent: null, jump: null, logged: null };

/** Grows with proposals; forgets the oldest beyond its bound. */
export class EntryTree {
  readonly #nodes: BoundedMap<string, EntryNode>;
  readonly #digests: Digests;
  readonly #waiting = new Map<string, ((node: EntryNode) => void)[]>();
  #waitingCount = 0;
  readonly #unnamed = new UnnamedEntries();
  #loggedBytes = 0;

  /** @param most  entries that are kept */
  constructor(digests: Digests, most: number = MOST_FACTS) {
    this.#digests = digests;
    this.#nodes = new BoundedMap(most);
  }

  get root(): EntryNode {
    return ROOT;
  }

  /** The entry with this chain at this index. */
  find(chain: string, index: number): EntryNode | undefined {
    if (chain === GENESIS_CHAIN) return ROOT;
    const known = this.#nodes.get(chain);
    if (known !== undefined) return known;
    for (const node of this.#unnamed.name(index)) this.#named(node);
    return this.#nodes.get(chain);
  }

  /** Its chain; null when it was not named in time. */
  chainOf(node: EntryNode): string | null {
    if (node.chain === null) for (const one of this.#unnamed.nameOne(node)) this.#named(one);
    return node.chain;
  }

  /**
   * Adds a batch behind what its proposer had.
   *
   * @param told  the chain of the last entry, as its proposer told it
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
   * The chain of a long command costs more than all else here. At the end of a batch its proposer's word will do, since every
   * other server works it out from what it got; within a batch it is worked out when somebody names it.
   */
  #chainAfter(parent: EntryNode, entry: WireEntry, told: string | null): string | null {
    if (parent.chain !== null && !isLong(entry)) return chainOf(parent.chain, entry);
    if (told !== null) return told;
    if (this.#waitingCount === 0) return null;
    const before = this.chainOf(parent);
    return before === null ? null : chainOf(before, entry);
  }

  /** Takes out what a replay needs of an entry, once. */
  take(node: EntryNode): LoggedEntry | null {
    const { logged } = node;
    if (logged === null) return null;
    node.logged = null;
    this.#loggedBytes -= loggedBytes(logged);
    return logged;
  }

  /** Now, or as soon as the entry is known. @returns false when too many wait already: it will never be called */
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

  /** Cuts the links to older entries: a later entry would otherwise keep all its ancestors in memory. */
  #forget(node: EntryNode): void {
    this.take(node);
    // Those that nobody named go with the end of their batch.
    for (let at = node.parent; at !== null && at.chain === null; at = at.parent) {
      this.take(at);
      this.#loggedBytes -= UNNAMED_BYTES;
    }
    const cut = node as { parent: EntryNode | null; jump: EntryNode | null };
    cut.parent = null;
    cut.jump = null;
  }

  /** Its chain is known from now on. */
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

/** Two jumps of one length become one of twice that length: as in the numbers of Myers's stack. */
function jumpFrom(parent: EntryNode): EntryNode {
  const { jump } = parent;
  if (jump === null || jump.jump === null) return parent;
  return parent.index - jump.index === jump.index - jump.jump.index ? jump.jump : parent;
}

/** The entry at this index of the log that ends with `node`; null when the log is shorter or not known that far down. */
export function ancestorAt(node: EntryNode, index: number): EntryNode | null {
  let at: EntryNode | null = node;
  while (at !== null && at.index > index) at = at.jump !== null && at.jump.index >= index ? at.jump : at.parent;
  return at !== null && at.index === index ? at : null;
}
