/**
 * The graphs of a run, read from its trace. Each request hears the blocks that came since the one before, at most `MOST_READ`
 * events; the page asks again until the whole run is read. Flow: history.ts → here.
 */
import type { RunGraphsPage } from '../core/lab-api/api.ts';
import { createGraphCollector } from '../core/trace/run-graphs.ts';
import { createPacer } from './slices.ts';
import type { SortedTrace } from './sorted-trace.ts';
import type { Block } from './trace-index.ts';

/** Maximum number of events that one request reads. */
const MOST_READ = 100_000;
/** The newest blocks may hold events that are recorded but not delivered yet, so they are read again. */
const OPEN_BLOCKS = 2;

/** Creates the reader of one run. Requests that come together are answered one after the other. */
export function createGraphReader(trace: SortedTrace): () => Promise<RunGraphsPage> {
  const collector = createGraphCollector();
  /** Number of blocks whose events have all been heard. */
  let done = 0;
  /** `seq` of the events that were heard in each later block. */
  const heardIn = new Map<Block, Set<number>>();
  let reading: Promise<unknown> = Promise.resolve();

  async function hear(block: Block): Promise<void> {
    const heard = heardIn.get(block) ?? new Set();
    heardIn.set(block, heard);
    for (const event of await trace.readBlock(block)) {
      if (heard.has(event.seq)) continue;
      heard.add(event.seq);
      collector.hear(event);
    }
  }

  async function read(): Promise<RunGraphsPage> {
    const { blocks } = trace.index;
    const pacer = createPacer();
    let size = 0;
    let at = done;
    for (; at < blocks.length && size < MOST_READ; at += 1) {
      const block = blocks[at] as Block;
      // Asked before the block is read: a block that is closed meanwhile may have been read while it was still open.
      const isClosed = at < blocks.length - OPEN_BLOCKS;
      await hear(block);
      size += block.size;
      if (isClosed && at === done) {
        done = at + 1;
        heardIn.delete(block);
      }
      await pacer.pause();
    }
    return { ...collector.graphs(), share: blocks.length === 0 ? 1 : at / blocks.length };
  }

  return () => {
    const next = reading.then(read);
    reading = next.catch(() => undefined);
    return next;
  };
}
