/**
 * Follows each leader's log, so that what it proposes gets its place in the tree of entries. A batch whose place is not
 * known yet (its leader's log is told by a source that is heard later) waits with its text, up to a bound.
 */
import type { WireEntry } from '../raft/types.ts';
import type { TraceEvent } from '../trace/index.ts';
import { RECORD_BYTES, textBytes } from './bytes.ts';
import type { EntryTree } from './entry-tree.ts';

/** Bytes of batches that wait; further ones are lost for all that needs the way down. */
const MOST_WAITING_BYTES = 16 * 2 ** 20;

type Proposed = Extract<TraceEvent, { readonly event: 'EntriesProposed' }>;

export class Growth {
  readonly #tree: EntryTree;
  /** Ends of logs by chain; a leader's, while it leads. */
  readonly #ends = new Map<string, string>();
  #waitingBytes = 0;

  constructor(tree: EntryTree) {
    this.#tree = tree;
  }

  gap(source: string): void {
    this.#ends.delete(source);
  }

  observe(event: TraceEvent): void {
    if (event.event === 'LeaderElected') this.#ends.set(event.source, event.chain);
    else if (event.event === 'EntriesProposed') this.#proposed(event);
  }

  keptBytes(): number {
    return this.#waitingBytes;
  }

  #proposed({ source, entries, chain }: Proposed): void {
    const end = this.#ends.get(source);
    this.#ends.set(source, chain);
    // After a gap nobody knows behind what these stand: they are lost for all that needs the way down.
    if (end === undefined) return;
    const behind = this.#tree.find(end);
    if (behind !== undefined) {
      this.#tree.grow(behind, entries, chain);
      return;
    }
    const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
    if (this.#waitingBytes + bytes > MOST_WAITING_BYTES) return;
    const waits = this.#tree.whenKnown(end, (node) => {
      this.#waitingBytes -= bytes;
      this.#tree.grow(node, entries, chain);
    });
    if (waits) this.#waitingBytes += bytes;
  }
}

function bytesOf(entry: WireEntry): number {
  return 2 * RECORD_BYTES + (entry.type === 'command' ? textBytes(unitsIn(entry.command)) : 0);
}

/** Units of all texts in a command: any JSON can be one. */
function unitsIn(json: unknown): number {
  if (typeof json === 'string') return json.length;
  if (typeof json !== 'object' || json === null) return 8;
  return Object.values(json).reduce((sum: number, member) => sum + unitsIn(member), RECORD_BYTES);
}
