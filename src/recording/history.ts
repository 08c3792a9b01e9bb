/**
 * Queries on a recorded run, live or opened: the view at a moment, a page of events, the history of one entry. Live and
 * opened runs use this same code, so they give the same answers.
 */
import type { CommandPage, EventPage, EventQuery, Requests } from '../core/lab-api/api.ts';
import type { TraceEvent } from '../core/trace/events.ts';
import { termAt } from '../core/trace/log-runs.ts';
import type { EventKey } from '../core/trace/order.ts';
import type { EntryView } from '../core/trace/view.ts';
import { commandsOf } from './command-page.ts';
import { pageOf } from './event-page.ts';
import type { UnfoldableEvent } from './fold-recorded.ts';
import type { StoredView } from './index-reader.ts';
import type { ViewAtKey } from './live-fold.ts';
import { createPastViews, type PastViews } from './past-views.ts';
import { createSortedTrace, type SortedTrace, type TraceSource } from './sorted-trace.ts';
import type { Block } from './trace-index.ts';

/** Queries on a recorded run. */
export interface History extends PastViews {
  events(query: EventQuery): Promise<EventPage>;
  commands(ask: Requests['commands']['ask']): Promise<CommandPage>;
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
    commands: (ask) => commandsOf(trace, views, ask),
    entry: (index, term) => entryOf(trace, views, { index, term }),
  };
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
