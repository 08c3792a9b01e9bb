/**
 * The index of events.jsonl: blocks of a few hundred events, with their offsets, times and counts. The file is in the
 * order of arrival, and every query is answered in the order of time. The index yields the order of time piece by
 * piece, so a run of any size is read with a few blocks in memory.
 */
import type { TraceEvent } from '../core/trace/events.ts';
import { type IndexRange, indexesOf } from '../core/trace/index-events.ts';
import { compareEvents, type EventKey } from '../core/trace/order.ts';

/** The size of the blocks, and the number of blocks whose events stay in memory. */
export interface IndexSize {
  /** Maximum number of events in a block. */
  readonly blockEvents: number;
  /** Number of newest blocks whose events stay in memory. */
  readonly keptBlocks: number;
}

/** Bytes after which a block ends, even with fewer events. It bounds the work of reading one block. */
const BLOCK_BYTES = 256 * 1024;

/** The default size. It keeps 50,000 events in memory. */
export const INDEX_SIZE: IndexSize = { blockEvents: 500, keptBlocks: 100 };

/** A stretch of the file, and a summary of its events. */
export interface Block {
  readonly offset: number;
  bytes: number;
  size: number;
  /** Combined checksums of its lines, in their order (`sumWith`); null when a line has no checksum. */
  sum: number | null;
  /** Keys of its late events. */
  readonly lates: EventKey[];
  /** Null when the events are only in the file. */
  events: TraceEvent[] | null;
  /** First and last key in the order of time, without late events; null when all events are late. */
  minKey: EventKey | null;
  maxKey: EventKey | null;
  /** Earliest and latest time of all events, including late ones. */
  minUs: number;
  maxUs: number;
  /** Number of events by source, then by name. */
  readonly counts: Map<string, Map<string, number>>;
  /** Range of log indexes whose entries its events add, drop, commit or apply. It helps to find the life of an index. */
  touched: IndexRange | null;
}

/** A late event, with its key in the order of time. */
interface Late {
  readonly key: EventKey;
  readonly block: Block;
}

/** A piece of the order of time. The events after `after`, up to and including `upTo`, are in these blocks. */
export interface Chunk {
  readonly after: EventKey | null;
  readonly upTo: EventKey | null;
  readonly blocks: readonly Block[];
}

/** The index of a trace file. It grows with the file. */
export interface TraceIndex {
  readonly blocks: readonly Block[];
  /** Number of events in the index, and of their bytes in the file. */
  size(): number;
  bytes(): number;
  /**
   * Adds the next event of the file.
   *
   * @param bytes  length of its line
   * @param crc  checksum of its line; null when it has none
   */
  add(event: TraceEvent, bytes: number, crc: number | null): void;
  /**
   * Divides the order of time into pieces, earliest first. Each block with an event later than those of all blocks
   * before it begins a piece.
   */
  chunks(): readonly Chunk[];
}

/** The sum of a block without lines. */
export const FIRST_SUM = 0;

/** Returns the sum of a block after one more line. */
export function sumWith(sum: number, crc: number): number {
  return (Math.imul(sum, 31) + crc) >>> 0;
}

/** Creates an index. @param known  blocks of a trace that was read before; none for an empty index */
export function createTraceIndex(
  { blockEvents, keptBlocks }: IndexSize = INDEX_SIZE,
  known: readonly Block[] = [],
): TraceIndex {
  const blocks: Block[] = [...known];
  const lates: Late[] = known.flatMap((block) => block.lates.map((key) => ({ key, block })));
  lates.sort((a, b) => compareEvents(a.key, b.key));
  let size = known.reduce((sum, block) => sum + block.size, 0);
  let bytes = known.reduce((sum, block) => sum + block.bytes, 0);
  return {
    blocks,
    size: () => size,
    bytes: () => bytes,
    add: (event, length, crc) => {
      let block = blocks.at(-1);
      if (block === undefined || block.size >= blockEvents || block.bytes >= BLOCK_BYTES) {
        block = emptyBlock(bytes);
        blocks.push(block);
        const forgotten = blocks[blocks.length - 1 - keptBlocks];
        if (forgotten !== undefined) forgotten.events = null;
      }
      addTo(block, event, length);
      block.sum = block.sum === null || crc === null ? null : sumWith(block.sum, crc);
      if (event.late) {
        const key = keyOf(event);
        block.lates.push(key);
        insertLate(lates, { key, block });
      }
      size += 1;
      bytes += length;
    },
    chunks: () => chunksOf(blocks, lates),
  };
}

function insertLate(lates: Late[], late: Late): void {
  let low = 0;
  let high = lates.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = lates[middle];
    if (there !== undefined && compareEvents(there.key, late.key) <= 0) low = middle + 1;
    else high = middle;
  }
  lates.splice(low, 0, late);
}

function emptyBlock(offset: number): Block {
  const nothing = { events: [], minKey: null, maxKey: null, touched: null };
  const times = { minUs: Number.POSITIVE_INFINITY, maxUs: Number.NEGATIVE_INFINITY };
  return { offset, bytes: 0, size: 0, sum: FIRST_SUM, lates: [], ...nothing, ...times, counts: new Map() };
}

function addTo(block: Block, event: TraceEvent, bytes: number): void {
  block.bytes += bytes;
  block.size += 1;
  block.events?.push(event);
  block.minUs = Math.min(block.minUs, event.timeUs);
  block.maxUs = Math.max(block.maxUs, event.timeUs);
  const ofSource = block.counts.get(event.source) ?? new Map<string, number>();
  block.counts.set(event.source, ofSource.set(event.event, (ofSource.get(event.event) ?? 0) + 1));
  if (!event.late) {
    if (block.minKey === null || compareEvents(event, block.minKey) < 0) block.minKey = keyOf(event);
    if (block.maxKey === null || compareEvents(event, block.maxKey) > 0) block.maxKey = keyOf(event);
  }
  const range = indexesOf(event);
  if (range !== null) block.touched = widened(block.touched, range);
}

/** Copies only the fields that order events. */
export function keyOf({ timeUs, source, nseq, seq }: EventKey): EventKey {
  return { timeUs, source, nseq, seq };
}

function widened(range: IndexRange | null, { first, last }: IndexRange): IndexRange {
  if (range === null) return { first, last };
  return { first: Math.min(range.first, first), last: Math.max(range.last, last) };
}

/**
 * Divides the order of time into pieces. The piece of block i ranges from the latest event of blocks 0 to i-1 to the
 * latest event of block i. Events do not arrive in the order of time, so later blocks may hold events of that piece as
 * well. Every block up to the last one with such an event is read for the piece. Late events do not count for these
 * bounds, because a single one would extend the piece over the whole file; their blocks are added separately.
 */
function chunksOf(blocks: readonly Block[], lates: readonly Late[]): readonly Chunk[] {
  const earliest: (EventKey | null)[] = new Array(blocks.length + 1).fill(null);
  for (let i = blocks.length - 1; i >= 0; i -= 1)
    earliest[i] = lower(blocks[i]?.minKey ?? null, earliest[i + 1] ?? null);
  const chunks: Chunk[] = [];
  let after: EventKey | null = null;
  let nextLate = 0;
  for (const [i, block] of blocks.entries()) {
    const isLast = i === blocks.length - 1;
    const upTo: EventKey | null = isLast ? null : higher(after, block.maxKey);
    if (!isLast && upTo === after) continue;
    const within = new Set<Block>();
    for (let j = i; j < blocks.length; j += 1) {
      const rest = earliest[j] ?? null;
      if (j > i && upTo !== null && (rest === null || compareEvents(rest, upTo) > 0)) break;
      const candidate = blocks[j];
      if (candidate !== undefined) within.add(candidate);
    }
    for (; nextLate < lates.length; nextLate += 1) {
      const late = lates[nextLate];
      if (late === undefined || (upTo !== null && compareEvents(late.key, upTo) > 0)) break;
      within.add(late.block);
    }
    chunks.push({ after, upTo, blocks: [...within] });
    after = upTo;
  }
  return chunks;
}

function lower(a: EventKey | null, b: EventKey | null): EventKey | null {
  if (a === null || b === null) return a ?? b;
  return compareEvents(a, b) <= 0 ? a : b;
}

function higher(a: EventKey | null, b: EventKey | null): EventKey | null {
  if (a === null || b === null) return a ?? b;
  return compareEvents(a, b) >= 0 ? a : b;
}
