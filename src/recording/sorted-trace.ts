/**
 * A trace file in the order of time, piece by piece and in either direction: the index says which blocks hold a
 * piece, this reads, cuts and sorts it. Used live and for opened runs alike.
 */
import type { TraceEvent } from '../core/trace/events.ts';
import { compareEvents, type EventKey } from '../core/trace/order.ts';
import { createPacer, nextTurn } from './slices.ts';
import { readSpan } from './trace-file.ts';
import type { Block, Chunk, TraceIndex } from './trace-index.ts';

/** Blocks read from the file that stay in memory. */
const CACHED_BLOCKS = 32;

/** A trace file, read in the order of time. */
export interface SortedTrace {
  readonly index: TraceIndex;
  /** Events of one block in the file's order, hidden ones left out. */
  readBlock(block: Block): Promise<readonly TraceEvent[]>;
  /** Pieces in order of time, a turn of the event loop between two of them. `wants` may pass a piece over unread. */
  pieces(asked: {
    readonly from: EventKey | null;
    readonly to: EventKey | null;
    readonly newest?: boolean;
    readonly wants?: (chunk: Chunk) => boolean;
  }): AsyncGenerator<readonly TraceEvent[]>;
}

/** The file, its index, and what must not be shown yet. */
export interface TraceSource {
  readonly file: string;
  readonly index: TraceIndex;
  /** Called before the file is read: what was recorded must be in it. */
  readonly beforeRead: () => Promise<void>;
  /** Recorded but not yet told to anybody. */
  readonly isHidden: (event: TraceEvent) => boolean;
}

/** Readers over one growing or finished trace file. */
export function createSortedTrace(source: TraceSource): SortedTrace {
  const cache = new Map<Block, Promise<readonly TraceEvent[]>>();

  const fromFile = (block: Block): Promise<readonly TraceEvent[]> => {
    const known = cache.get(block);
    cache.delete(block);
    const reading = known ?? source.beforeRead().then(() => readSpan(source.file, block));
    cache.set(block, reading);
    // A failed read is tried again the next time.
    reading.catch(() => cache.delete(block));
    const [oldest] = cache.keys();
    if (cache.size > CACHED_BLOCKS && oldest !== undefined) cache.delete(oldest);
    return reading;
  };

  const readBlock = async (block: Block): Promise<readonly TraceEvent[]> => {
    const events = block.events ?? (await fromFile(block));
    return events.filter((event) => !source.isHidden(event));
  };

  const readChunk = async (chunk: Chunk): Promise<readonly TraceEvent[]> => {
    const blocks = await Promise.all(chunk.blocks.map(readBlock));
    const { after, upTo } = chunk;
    return blocks
      .flat()
      .filter((event) => isWithin(event, after, upTo))
      .sort(compareEvents);
  };

  return {
    index: source.index,
    readBlock,
    pieces: async function* ({ from, to, newest = false, wants = () => true }) {
      const all = source.index.chunks().filter((chunk) => overlaps(chunk, from, to));
      const pacer = createPacer();
      for (const chunk of newest ? all.reverse() : all) {
        await pacer.pause();
        if (!wants(chunk)) continue;
        const events = (await readChunk(chunk)).filter((event) => isWithin(event, from, to));
        yield newest ? events.reverse() : events;
        await nextTurn();
      }
    },
  };
}

/** After `after` and not after `upTo`; null stands for no bound. */
function isWithin(event: EventKey, after: EventKey | null, upTo: EventKey | null): boolean {
  return (after === null || compareEvents(event, after) > 0) && (upTo === null || compareEvents(event, upTo) <= 0);
}

function overlaps(chunk: Chunk, from: EventKey | null, to: EventKey | null): boolean {
  if (from !== null && chunk.upTo !== null && compareEvents(chunk.upTo, from) <= 0) return false;
  return to === null || chunk.after === null || compareEvents(chunk.after, to) < 0;
}
