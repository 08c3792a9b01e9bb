/**
 * Where in events.jsonl to look: the file in blocks of a few hundred events, with times, offsets and counts. The
 * file is in order of arrival while every answer is in order of time; the index gives that order piece by
 * piece, so that a run of any size is read with a few blocks in memory.
 */
import type { TraceEvent } from '../core/trace/events.ts';
import { compareEvents, type EventKey } from '../core/trace/order.ts';

/** How fine an index is, and how much of the trace it keeps in memory. */
export interface IndexSize {
  /** Events in a block. */
  readonly blockEvents: number;
  /** The newest blocks keep their events in memory. */
  readonly keptBlocks: number;
}

/** Bytes after which a block ends, also with fewer events: a block is read in one piece of work. */
const BLOCK_BYTES = 256 * 1024;

/** 50,000 events are answered without the file. */
export const INDEX_SIZE: IndexSize = { blockEvents: 500, keptBlocks: 100 };

/** A stretch of the file, and what is in it. */
export interface Block {
  readonly offset: number;
  bytes: number;
  size: number;
  /** Of the checksums of its lines, in their order; null when one of them has none. */
  sum: number | null;
  /** Places of its late events. */
  readonly lates: EventKey[];
  /** Null when they have to be read from the file. */
  events: TraceEvent[] | null;
  /** First and last in order of time among those that came in time; null when all were late. */
  minKey: EventKey | null;
  maxKey: EventKey | null;
  /** Times of all, late ones included. */
  minUs: number;
  maxUs: number;
  /** Events by source, then by name. */
  readonly counts: Map<string, Map<string, number>>;
  /** Log indexes proposed and committed in this block: where an entry's story is. */
  proposed: Range | null;
  committed: Range | null;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** A late event, by its place in the order of time. */
interface Late {
  readonly key: EventKey;
  readonly block: Block;
}

/** A piece of the order of time: the events after `after`, up to and including `upTo`, are in these blocks. */
export interface Chunk {
  readonly after: EventKey | null;
  readonly upTo: EventKey | null;
  readonly blocks: readonly Block[];
}

/** Where everything in a trace file stands; grows with it. */
export interface TraceIndex {
  readonly blocks: readonly Block[];
  /** Events in the index, and bytes of the file they take. */
  size(): number;
  bytes(): number;
  /** Adds the next event of the file. @param crc  checksum of its line, null when it has none */
  add(event: TraceEvent, bytes: number, crc: number | null): void;
  /** The whole order of time in pieces, earliest first: a piece for each block that begins one. */
  chunks(): readonly Chunk[];
}

/** The sum of a block without lines. */
export const FIRST_SUM = 0;

/** The sum of a block with one more line. */
export function sumWith(sum: number, crc: number): number {
  return (Math.imul(sum, 31) + crc) >>> 0;
}

/** An index. @param known  its blocks, when the trace was read before; none for an empty one */
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
  const nothing = { events: [], minKey: null, maxKey: null, proposed: null, committed: null };
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
  if (event.event === 'EntriesProposed') block.proposed = widened(block.proposed, event.first, event.last);
  if (event.event === 'CommitAdvanced') block.committed = widened(block.committed, event.from + 1, event.to);
}

/** Only what places an event. */
export function keyOf({ timeUs, source, nseq, seq }: EventKey): EventKey {
  return { timeUs, source, nseq, seq };
}

function widened(range: Range | null, first: number, last: number): Range {
  if (range === null) return { first, last };
  return { first: Math.min(range.first, first), last: Math.max(range.last, last) };
}

/**
 * Block i begins the piece after the latest event of blocks 0…i-1 and up to its own latest. Events of that
 * piece may stand in later blocks too (arrival is not time): in those whose earliest is not beyond the piece.
 * Late events are kept out of these bounds, or one of them would make the piece reach over the whole file.
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
