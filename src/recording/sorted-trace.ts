/**
 * Reads a trace file in the order of time, piece by piece, in either direction. The index names the blocks that hold a
 * piece; this file reads, filters and sorts their events. Live and opened runs both use it.
 */
import type { TraceEvent } from '../core/trace/events.ts';
import { compareEvents, type EventKey } from '../core/trace/order.ts';
import { createPacer, nextTurn } from './slices.ts';
import { readSpan } from './trace-file.ts';
import type { Block, Chunk, TraceIndex } from './trace-index.ts';

/** Maximum number of blocks read from the file that stay in memory. */
const CACHED_BLOCKS = 32;

/** A trace file, read in the order of time. */
export interface SortedTrace {
  readonly index: TraceIndex;
  /** Returns the events of one block in the file's order, without hidden ones. */
  readBlock(block: Block): Promise<readonly TraceEvent[]>;
  /**
   * Yields pieces in the order of time, with a turn of the event loop between two of them. If `wants` returns false, a
   * piece is skipped without reading it.
   */
  pieces(asked: {
    readonly from: EventKey | null;
    readonly to: EventKey | null;
    readonly newest?: boolean;
    readonly wants?: (chunk: Chunk) => boolean;
  }): AsyncGenerator<readonly TraceEvent[]>;
}

/** The file, its index, and the events that must not be shown yet. */
export interface TraceSource {
  readonly file: string;
  readonly index: TraceIndex;
  /** Called before the file is read. Resolves when every recorded event is in the file. */
  readonly beforeRead: () => Promise<void>;
  /** Whether an event is recorded but not delivered yet. */
  readonly isHidden: (event: TraceEvent) => boolean;
}

/** Creates the reader of one growing or finished trace file. */
export function createSortedTrace(source: TraceSource): SortedTrace {
  const cache = new Map<Block, Promise<readonly TraceEvent[]>>();

  const fromFile = (block: Block): Promise<readonly TraceEvent[]> => {
    const known = cache.get(block);
    cache.delete(block);
    const reading = known ?? source.beforeRead().then(() => readSpan(source.file, block));
    cache.set(block, reading);
    // Forget a failed read, so that the next call reads again.
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

/** Whether the event is after `after` and not after `upTo`. Null means no bound. */
function isWithin(event: EventKey, after: EventKey | null, upTo: EventKey | null): boolean {
  return (after === null || compareEvents(event, after) > 0) && (upTo === null || compareEvents(event, upTo) <= 0);
}

function overlaps(chunk: Chunk, from: EventKey | null, to: EventKey | null): boolean {
  if (from !== null && chunk.upTo !== null && compareEvents(chunk.upTo, from) <= 0) return false;
  return to === null || chunk.after === null || compareEvents(chunk.after, to) < 0;
}
