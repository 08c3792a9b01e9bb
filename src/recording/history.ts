/**
 * Queries on a recorded run, live or opened: the view at a moment, a page of events, the life of an index. Live and
 * opened runs use this same code, so they give the same answers.
 */
import type { WhyAsk } from '../core/actions/questions.ts';
import type { CommandPage, EventPage, EventQuery, Requests, RunGraphsPage } from '../core/lab-api/api.ts';
import type { IndexLife } from '../core/trace/index-life.ts';
import type { Why } from '../core/why/index.ts';
import { commandsOf } from './command-page.ts';
import { pageOf } from './event-page.ts';
import type { UnfoldableEvent } from './fold-recorded.ts';
import { createGraphReader } from './graph-reader.ts';
import type { StoredView } from './index-reader.ts';
import type { ViewAtKey } from './live-fold.ts';
import { createPastViews, type PastViews } from './past-views.ts';
import { type IndexQuestion, readIndexLife } from './read-index-life.ts';
import { createSortedTrace, type TraceSource } from './sorted-trace.ts';
import { whyIn } from './why-history.ts';

/** Queries on a recorded run. */
export interface History extends PastViews {
  events(query: EventQuery): Promise<EventPage>;
  commands(ask: Requests['commands']['ask']): Promise<CommandPage>;
  indexLife(question: IndexQuestion): Promise<IndexLife>;
  why(ask: WhyAsk): Promise<Why | null>;
  graphs(): Promise<RunGraphsPage>;
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
    indexLife: (question) => readIndexLife(trace, question),
    why: (ask) => whyIn(trace, views, ask),
    graphs: createGraphReader(trace),
  };
}
