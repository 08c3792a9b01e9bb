/**
 * Every entry that was ever proposed, by its chain, with its parent: two logs are one log up to an entry exactly when
 * that entry's chains are equal, so a log is named by the chain of its last entry, and what it holds below is a walk.
 * Entries are told once, by the leader that gave them their place; who names a chain before that (another source may
 * be heard earlier) waits here until it is known.
 */
import { chainOf, GENESIS_CHAIN } from '../raft/chain.ts';
import type { WireEntry } from '../raft/types.ts';
import { BoundedMap, MOST_FACTS } from './bounded-map.ts';

/** One entry; the root stands before entry 1. */
export interface EntryNode {
  readonly index: number;
  readonly term: number;
  readonly chain: string;
  /** null for the root, and for the oldest that is still known. */
  readonly parent: EntryNode | null;
  readonly entry: WireEntry | null;
}

const ROOT: EntryNode = { index: 0, term: 0, chain: GENESIS_CHAIN, parent: null, entry: null };

/** Grows with proposals; forgets the oldest beyond its bound. */
export class EntryTree {
  readonly #nodes: BoundedMap<string, EntryNode>;
  readonly #waiting = new Map<string, ((node: EntryNode) => void)[]>();
  #waitingCount = 0;

  /** @param most  entries that are kept */
  constructor(most: number = MOST_FACTS) {
    this.#nodes = new BoundedMap(most);
  }

  find(chain: string): EntryNode | undefined {
    return chain === GENESIS_CHAIN ? ROOT : this.#nodes.get(chain);
  }

  /** Adds a batch behind what its proposer had. @returns the node of the last entry, undefined for an empty batch */
  grow(behind: EntryNode, entries: readonly WireEntry[]): EntryNode | undefined {
    let parent = behind;
    for (const entry of entries) {
      const chain = chainOf(parent.chain, entry);
      const node: EntryNode = { index: entry.index, term: entry.term, chain, parent, entry };
      const forgotten = this.#nodes.set(chain, node);
      // Whoever holds a later entry holds its way down as well: it ends here, or nothing would ever be let go.
      if (forgotten !== undefined) (forgotten as { parent: EntryNode | null }).parent = null;
      parent = node;
      this.#tell(node);
    }
    return entries.length === 0 ? undefined : parent;
  }

  /** Now, or as soon as the entry is known. @returns false when too many wait already: it will never be called */
  whenKnown(chain: string, then: (node: EntryNode) => void): boolean {
    const node = this.find(chain);
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

  #tell(node: EntryNode): void {
    const waiting = this.#waiting.get(node.chain);
    if (waiting === undefined) return;
    this.#waiting.delete(node.chain);
    this.#waitingCount -= waiting.length;
    for (const then of waiting) then(node);
  }
}

/** The entry at this index of the log that ends with `node`; null when the log is shorter or not known that far down. */
export function ancestorAt(node: EntryNode, index: number): EntryNode | null {
  let at: EntryNode | null = node;
  while (at !== null && at.index > index) at = at.parent;
  return at !== null && at.index === index ? at : null;
}
