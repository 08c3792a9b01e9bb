/**
 * The fold over what was recorded, a slice at a time: an event whose fields are not what its name promises is named
 * in the error.
 */
import type { TraceEvent } from '../../core/trace/events.ts';
import { fold, foldMany } from '../../core/trace/fold.ts';
import type { ClusterView } from '../../core/trace/view.ts';
import { beginSlice } from './slices.ts';

/**
 * Events folded in one go, between two looks at the clock: about a millisecond's work. Links and entries are copied once
 * for each go; with 64 clients there are some 200 links.
 */
const LOOK_EVERY = 256;

/** How far a slice came. */
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
  { start, onError }: { readonly start: number; readonly onError: (error: Error) => void },
): FoldedSlice {
  const isOver = beginSlice();
  let folded = view;
  let end = start;
  do {
    const some = events.slice(end, end + LOOK_EVERY);
    folded = foldSome(folded, some, onError);
    end += some.length;
  } while (end < events.length && !isOver());
  return { view: folded, end };
}

function foldSome(view: ClusterView, events: readonly TraceEvent[], onError: (error: Error) => void): ClusterView {
  try {
    return foldMany(view, events);
  } catch {
    // One of them does not fit. The fold is pure: one by one it fails again, and then it is known which it was.
    return events.reduce((sofar, event) => foldOne(sofar, event, onError), view);
  }
}

function foldOne(view: ClusterView, event: TraceEvent, onError: (error: Error) => void): ClusterView {
  try {
    return fold(view, event);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onError(new Error(`event ${event.seq} (${event.event} of ${event.source}) cannot be folded: ${reason}`));
    return view;
  }
}
