/**
 * Replays a tail's lines and checks each against the log before it: indexes have no gap, terms never fall, chains fit,
 * and no sealed entry is truncated. Pure functions over the data that the adapters read.
 */
import { chainOf, GENESIS_CHAIN } from '../../core/raft/index.ts';
import type { Chain, LogEntry, LogIndex } from '../../core/vocabulary/index.ts';
import { type Damage, StorageDamaged } from './damage.ts';
import type { StateDocument } from './documents.ts';
import { tailPath } from './layout.ts';
import type { TailBatch, TailFile } from './tail-file.ts';

/** The end of a log: its last index and the chain there. */
export interface Position {
  readonly lastIndex: LogIndex;
  readonly chain: Chain;
}

/** The result of replaying a tail's lines in order. */
export interface Replayed {
  /** Index with which the tail begins. */
  readonly first: LogIndex;
  /** Entries from `first` on. */
  readonly entries: readonly LogEntry[];
  /** End of the log before each line, and at the end of the file, by byte offset. */
  readonly positions: ReadonlyMap<number, Position>;
  readonly beforeLastLine: Position;
  readonly end: Position;
}

/** Returns the position at an entry. @param entry  undefined for an empty log */
export function positionOf(entry: LogEntry | undefined): Position {
  return entry === undefined ? { lastIndex: 0, chain: GENESIS_CHAIN } : { lastIndex: entry.index, chain: entry.chain };
}

interface Context {
  /** End of the log before the entry. */
  readonly before: Position;
  readonly state: Pick<StateDocument, 'currentTerm'>;
}

/** Appends an entry to `log` if it continues the log. @returns null, or the reason why it does not */
export function appendChecked(log: LogEntry[], entry: LogEntry, { before, state }: Context): string | null {
  const { index, term, chain } = entry;
  if (index !== before.lastIndex + 1) return `entry ${index} follows entry ${before.lastIndex}`;
  if (term < (log.at(-1)?.term ?? 0)) return `entry ${index} has term ${term}, lower than the entry before it`;
  if (term > state.currentTerm) return `entry ${index} has term ${term}, but currentTerm is ${state.currentTerm}`;
  if (chainOf(before.chain, entry) !== chain)
    return `entry ${index} does not continue the chain of the entry before it`;
  log.push(entry);
  return null;
}

interface ReplayCase {
  readonly tail: TailFile;
  /** Path for the error message. */
  readonly file: string;
  readonly state: StateDocument;
  /** The sealed entries from index 1. */
  readonly sealed: readonly LogEntry[];
}

/**
 * Replays a tail. @throws StorageDamaged when a line does not continue the lines before it or contradicts a sealed
 * entry
 */
export function replayTail({ tail, file, state, sealed }: ReplayCase): Replayed {
  const data = tail.low.data;
  if (data === null) throw new Error(`${file} was not read`);
  const { first, previousChain } = data.header;
  const damaged = (offset: number, reason: string): StorageDamaged =>
    new StorageDamaged({ kind: 'damaged', file, offset, reason });
  if (tailPath(first) !== tail.path) {
    throw new StorageDamaged({ kind: 'swapped', file, offset: 0, reason: `its entries begin with ${first}` });
  }
  const start: Position = { lastIndex: first - 1, chain: previousChain };
  if (first <= sealed.length + 1 && previousChain !== positionOf(sealed[first - 2]).chain) {
    throw damaged(0, `its first entry does not continue entry ${first - 1}`);
  }
  const entries: LogEntry[] = [];
  const positions = new Map<number, Position>();
  const position = (): Position => (entries.length === 0 ? start : positionOf(entries.at(-1)));
  let generation = data.header.generation;
  for (const [number, batch] of data.batches.entries()) {
    const at = tail.startOf(number);
    positions.set(at, position());
    if (batch.generation < generation) throw damaged(at, `generation ${batch.generation} follows ${generation}`);
    generation = batch.generation;
    const reason = applyBatch(entries, batch, { first, start, state });
    if (reason !== null) throw damaged(at, reason);
  }
  const beforeLastLine = positions.get(tail.startOf(data.batches.length - 1)) ?? start;
  positions.set(tail.size, position());
  const contradiction = overlapFault({ first, entries, sealed });
  if (contradiction !== null) throw new StorageDamaged({ ...contradiction, file, offset: tail.size });
  return { first, entries, positions, beforeLastLine, end: position() };
}

function applyBatch(
  log: LogEntry[],
  { truncateFrom, entries }: TailBatch,
  tail: { readonly first: LogIndex; readonly start: Position; readonly state: StateDocument },
): string | null {
  if (truncateFrom !== null) {
    const next = tail.first + log.length;
    if (truncateFrom < tail.first || truncateFrom > next)
      return `it truncates from ${truncateFrom} a log that ends with ${next - 1}`;
    log.length = truncateFrom - tail.first;
  }
  for (const entry of entries) {
    const before = log.length === 0 ? tail.start : positionOf(log.at(-1));
    const reason = appendChecked(log, entry, { before, state: tail.state });
    if (reason !== null) return reason;
  }
  return null;
}

interface Overlap {
  readonly first: LogIndex;
  readonly entries: readonly LogEntry[];
  readonly sealed: readonly LogEntry[];
}

/**
 * Checks entries that are both sealed and in the tail. Sealed entries are committed, so the tail must hold the same
 * ones.
 */
function overlapFault({ first, entries, sealed }: Overlap): Pick<Damage, 'kind' | 'reason'> | null {
  const shared = sealed.length - first + 1;
  if (shared <= 0) return null;
  const last = first + entries.length - 1;
  if (entries.length < shared) {
    return { kind: 'stale', reason: `it ends with entry ${last}, but entry ${sealed.length} is sealed` };
  }
  if (entries[shared - 1]?.chain === sealed.at(-1)?.chain) return null;
  return { kind: 'damaged', reason: `it contradicts the sealed entries up to ${sealed.length}` };
}
