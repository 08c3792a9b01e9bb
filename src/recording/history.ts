/**
 * Queries on a recorded run, live or opened: the view at a moment, a page of events, the history of one entry. Live and
 * opened runs use this same code, so they give the same answers.
 */
import type { EventPage, EventQuery } from '../core/lab-api/api.ts';
import type { TraceEvent } from '../core/trace/events.ts';
import { termAt } from '../core/trace/log-runs.ts';
import { type EventKey, keyAfter, keyBefore } from '../core/trace/order.ts';
import type { EntryView } from '../core/trace/view.ts';
import { type Filter, filterOf, matches } from './filter.ts';
import type { UnfoldableEvent } from './fold-recorded.ts';
import type { StoredView } from './index-reader.ts';
import type { ViewAtKey } from './live-fold.ts';
import { createPastViews, type PastViews } from './past-views.ts';
import { createPacer, nextTurn } from './slices.ts';
import { createSortedTrace, type SortedTrace, type TraceSource } from './sorted-trace.ts';
import type { Block } from './trace-index.ts';

const DEFAULT_LIMIT = 200;
const MAX_LIMIT = 1_000;

/** Queries on a recorded run. */
export interface History extends PastViews {
  events(query: EventQuery): Promise<EventPage>;
  entry(index: number, term: number): Promise<EntryView | null>;
}

/** Creates the queries on a trace file and its index. The parameters after `source` are those of createPastViews. */
export function createHistory(
  source: TraceSource,
  before: readonly ViewAtKey[] = [],
  onUnfoldable?: (error: UnfoldableEvent) => void,
  stored?: readonly StoredView[],
): History {
  const trace = createSortedTrace(source);
  const views = createPastViews(trace, before, onUnfoldable, stored);
  return {
    ...views,
    events: (query) => pageOf(trace, query),
    entry: (index, term) => entryOf(trace, views, { index, term }),
  };
}

async function pageOf(trace: SortedTrace, query: EventQuery): Promise<EventPage> {
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

interface Place {
  readonly index: number;
  readonly term: number;
}

async function entryOf(trace: SortedTrace, views: PastViews, place: Place): Promise<EntryView | null> {
  const proposal = await findProposal(trace, place);
  if (proposal === null) return null;
  const entry = proposal.entries.find((one) => one.index === place.index);
  if (entry === undefined) return null;
  const committedUs = await findCommit(trace, views, { ...place, since: proposal });
  return { entry, proposedBy: proposal.source, proposedUs: proposal.timeUs, committedUs };
}

type Proposal = Extract<TraceEvent, { readonly event: 'EntriesProposed' }>;

async function findProposal(trace: SortedTrace, { index, term }: Place): Promise<Proposal | null> {
  const wants = (block: Block): boolean =>
    block.proposed !== null && block.proposed.first <= index && index <= block.proposed.last;
  const asked = { from: null, to: null, newest: true };
  for await (const piece of trace.pieces({ ...asked, wants: (chunk) => chunk.blocks.some(wants) })) {
    for (const event of piece) {
      if (event.event !== 'EntriesProposed' || event.term !== term) continue;
      if (event.first <= index && index <= event.last) return event;
    }
  }
  return null;
}

/** Finds the first commit that covers the index on a server whose log has an entry of this term there. */
async function findCommit(
  trace: SortedTrace,
  views: PastViews,
  { index, term, since }: Place & { readonly since: EventKey },
): Promise<number | null> {
  const wants = (block: Block): boolean =>
    block.committed !== null && block.committed.first <= index && index <= block.committed.last;
  for await (const piece of trace.pieces({ from: since, to: null, wants: (chunk) => chunk.blocks.some(wants) })) {
    for (const event of piece) {
      if (event.event !== 'CommitAdvanced' || event.from >= index || event.to < index) continue;
      const view = await views.viewAt(event.timeUs);
      if (termAt(view.servers[event.source]?.log ?? [], index) === term) return event.timeUs;
    }
  }
  return null;
}
