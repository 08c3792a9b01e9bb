/**
 * Folds recorded events in slices. An event whose fields do not fit its name is reported with its number, name and
 * source.
 */
import type { TraceEvent } from '../core/trace/events.ts';
import { beginFolding, fold } from '../core/trace/fold.ts';
import type { ClusterView } from '../core/trace/view.ts';
import { beginSlice } from './slices.ts';

/** Number of events folded between two checks of the clock, about a millisecond of work. */
const LOOK_EVERY = 256;

/** An event whose fields do not fit its name. */
export class UnfoldableEvent extends Error {
  readonly event: TraceEvent;
  /** The error message of the fold. */
  readonly reason: string;

  constructor(event: TraceEvent, reason: string) {
    super(`event ${event.seq} (${event.event} of ${event.source}) cannot be folded: ${reason}`);
    this.event = event;
    this.reason = reason;
  }
}

/** The result of a slice. */
export interface FoldedSlice {
  readonly view: ClusterView;
  /** Position after the last folded event, at which the next slice begins. */
  readonly end: number;
}

/**
 * Folds events from `start` on until all are folded or the slice is over.
 *
 * @param onError  receives an event that cannot be folded; if it does not throw, that event is skipped
 */
export function foldSlice(
  view: ClusterView,
  events: readonly TraceEvent[],
  { start, onError }: { readonly start: number; readonly onError: (error: UnfoldableEvent) => void },
): FoldedSlice {
  const isOver = beginSlice();
  let folded: FoldedSlice = { view, end: start };
  do folded = foldUnlessWrong(folded, events, isOver, onError);
  while (folded.end < events.length && !isOver());
  return folded;
}

/** Folds until the slice is over, or up to and including the first event that does not fit. */
function foldUnlessWrong(
  { view, end: start }: FoldedSlice,
  events: readonly TraceEvent[],
  isOver: () => boolean,
  onError: (error: UnfoldableEvent) => void,
): FoldedSlice {
  const folding = beginFolding(view);
  let end = start;
  try {
    do {
      for (const upTo = Math.min(end + LOOK_EVERY, events.length); end < upTo; end += 1) {
        folding.add(events[end] as TraceEvent);
      }
    } while (end < events.length && !isOver());
    return { view: folding.end(), end };
  } catch {
    // The fold is pure, so folding the same events one by one fails at the same event and identifies it.
    const some = events.slice(start, end + 1);
    return { view: some.reduce((sofar, event) => foldOne(sofar, event, onError), view), end: end + 1 };
  }
}

function foldOne(view: ClusterView, event: TraceEvent, onError: (error: UnfoldableEvent) => void): ClusterView {
  try {
    return fold(view, event);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onError(new UnfoldableEvent(event, reason));
    return view;
  }
}
