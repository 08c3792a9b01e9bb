/** Folds recorded events, a slice at a time. An event whose fields do not fit its name is named in the error. */
import type { TraceEvent } from '../core/trace/events.ts';
import { beginFolding, fold } from '../core/trace/fold.ts';
import type { ClusterView } from '../core/trace/view.ts';
import { beginSlice } from './slices.ts';

/** Events folded between two looks at the clock: about a millisecond's work. */
const LOOK_EVERY = 256;

/** An event whose fields do not fit its name. */
export class UnfoldableEvent extends Error {
  readonly event: TraceEvent;
  /** The reason why the fold could not process the event. */
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
  /** Events folded; the next slice begins here. */
  readonly end: number;
}

/**
 * Folds events from `start` on until all are folded or the slice is over.
 *
 * @param onError  told of an event that cannot be folded; when it does not throw, that event is passed over
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

/** Folds until the slice of time is over, or up to and including the first event that does not fit. */
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
    // The fold is pure: folding one by one fails again and shows which event it was.
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
