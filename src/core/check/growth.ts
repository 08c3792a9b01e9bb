/**
 * Follows each leader's log, so that proposed entries get their place in the tree of entries. The place of a batch is
 * unknown while the source that reports the log before it has not been read. Such a batch waits with its text, up to a
 * bound.
 */
import type { TraceEvent } from '../trace/index.ts';
import type { EntryTree } from './entry-tree.ts';
import { entryBytes } from './logged-entry.ts';

/** Maximum bytes of waiting batches. Further batches are dropped, so their entries never enter the tree. */
const MOST_WAITING_BYTES = 16 * 2 ** 20;

interface LogEnd {
  readonly chain: string;
  readonly index: number;
}

type Proposed = Extract<TraceEvent, { readonly event: 'EntriesProposed' }>;

export class Growth {
  readonly #tree: EntryTree;
  /** The last entry of each leader's log. */
  readonly #ends = new Map<string, LogEnd>();
  #waitingBytes = 0;

  constructor(tree: EntryTree) {
    this.#tree = tree;
  }

  gap(source: string): void {
    this.#ends.delete(source);
  }

  observe(event: TraceEvent): void {
    if (event.event === 'LeaderElected') {
      this.#ends.set(event.source, { chain: event.chain, index: event.lastIndex });
    } else if (event.event === 'EntriesProposed') this.#proposed(event);
  }

  keptBytes(): number {
    return this.#waitingBytes;
  }

  #proposed({ source, entries, chain, last }: Proposed): void {
    const end = this.#ends.get(source);
    this.#ends.set(source, { chain, index: last });
    // After a gap the entry before these ones is unknown, so they cannot be added to the tree.
    if (end === undefined) return;
    const behind = this.#tree.find(end.chain, end.index);
    if (behind !== undefined) {
      this.#tree.grow(behind, entries, chain);
      return;
    }
    const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
    if (this.#waitingBytes + bytes > MOST_WAITING_BYTES) return;
    const waits = this.#tree.whenKnown(end.chain, end.index, (node) => {
      this.#waitingBytes -= bytes;
      this.#tree.grow(node, entries, chain);
    });
    if (waits) this.#waitingBytes += bytes;
  }
}
