/** A page of the events that fit a query, read from the blocks that may hold one, and the count of all that fit. */
import type { EventPage, EventQuery } from '../core/lab-api/api.ts';
import type { TraceEvent } from '../core/trace/events.ts';
import { type EventKey, keyAfter, keyBefore } from '../core/trace/order.ts';
import { type Filter, filterOf, matches } from './filter.ts';
import { createPacer, nextTurn } from './slices.ts';
import type { SortedTrace } from './sorted-trace.ts';
import type { Block } from './trace-index.ts';

const DEFAULT_LIMIT = 200;
const MAX_LIMIT = 1_000;

/** Reads the page. */
export async function pageOf(trace: SortedTrace, query: EventQuery): Promise<EventPage> {
  const filter = filterOf(query);
  const limit = Math.max(0, Math.min(query.limit ?? DEFAULT_LIMIT, MAX_LIMIT));
  const total = await countOf(trace, filter);
  const events: TraceEvent[] = [];
  const pieces = trace.pieces({
    ...boundsOf(filter),
    newest: query.newest ?? false,
    wants: (chunk) => chunk.blocks.some((block) => countedIn(block, filter) > 0),
  });
  for await (const piece of pieces) {
    for (const event of piece) if (events.length < limit && matches(filter, event)) events.push(event);
    if (events.length >= limit) break;
  }
  return { events, leftOut: Math.max(0, total - events.length) };
}

function boundsOf(filter: Filter): { readonly from: EventKey | null; readonly to: EventKey | null } {
  return {
    from: Number.isFinite(filter.fromUs) ? keyBefore(filter.fromUs) : null,
    to: Number.isFinite(filter.toUs) ? keyAfter(filter.toUs) : null,
  };
}

/** Counts the matching events. Uses the counts of a block where they suffice, and reads its events otherwise. */
async function countOf(trace: SortedTrace, filter: Filter): Promise<number> {
  let total = 0;
  const pacer = createPacer();
  // The newest blocks may hold events that are recorded but not delivered yet, so their events are checked one by one.
  const firstOpen = trace.index.blocks.length - 2;
  for (const [position, block] of trace.index.blocks.entries()) {
    await pacer.pause();
    const most = countedIn(block, filter);
    if (most === 0 || block.minUs > filter.toUs || block.maxUs < filter.fromUs) continue;
    const isInside = block.minUs >= filter.fromUs && block.maxUs <= filter.toUs;
    if (filter.isCountable && isInside && position < firstOpen) {
      total += most;
      continue;
    }
    total += (await trace.readBlock(block)).filter((event) => matches(filter, event)).length;
    await nextTurn();
  }
  return total;
}

/** Counts the events of a block by source and name only; their time and text are not checked. */
function countedIn(block: Block, filter: Filter): number {
  let total = 0;
  for (const [source, names] of block.counts) {
    for (const [name, count] of names) if (filter.accepts(source, name)) total += count;
  }
  return total;
}
