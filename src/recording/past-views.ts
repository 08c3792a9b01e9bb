/**
 * The view at any moment of a trace, folded from the nearest kept view before it. Kept views are few and need little
 * memory, because the fold shares the unchanged parts between views. In a live run the kept views come from the live
 * view, so no event is folded twice. A late event makes the kept views after it wrong, so they are dropped.
 */
import { emptyView } from '../core/trace/empty-view.ts';
import type { TraceEvent } from '../core/trace/events.ts';
import { compareEvents, type EventKey, keyAfter } from '../core/trace/order.ts';
import type { ClusterView } from '../core/trace/view.ts';
import { foldSlice, type UnfoldableEvent } from './fold-recorded.ts';
import type { StoredView } from './index-reader.ts';
import type { ViewAtKey } from './live-fold.ts';
import { nextTurn } from './slices.ts';
import type { SortedTrace } from './sorted-trace.ts';

/** Number of events between two kept views. */
export const VIEW_EVERY = 5_000;
const MAX_VIEWS = 512;

/** The views at past moments. */
export interface PastViews {
  /** Folds every event at or before this moment in the order of time. */
  viewAt(timeUs: number): Promise<ClusterView>;
  /** Folds every event up to and including this one in the order of time. @throws the signal's reason */
  viewUpTo(key: EventKey, signal?: AbortSignal): Promise<ClusterView>;
  /** Keeps a view that holds every event recorded up to its key. */
  keep(settled: ViewAtKey): void;
  /** All kept views, earliest first. */
  kept(): readonly ViewAtKey[];
  /** Drops the kept views that lack this event. Call it with every new event. */
  recorded(event: TraceEvent): void;
}

/**
 * Creates the views of a sorted trace.
 *
 * @param before  views that an earlier reader of the trace kept
 * @param stored  views stored in the index of the recording, earliest first
 * @param onUnfoldable  receives an event that does not fit; if it does not throw, that event is skipped
 */
export function createPastViews(
  trace: SortedTrace,
  before: readonly ViewAtKey[] = [],
  onUnfoldable: (error: UnfoldableEvent) => void = fail,
  stored: readonly StoredView[] = [],
): PastViews {
  let kept: ViewAtKey[] = [...before];
  /** Running folds, each with the earliest event recorded since its start. */
  const folding = new Set<{ earliest: EventKey | null }>();

  const keep = (one: ViewAtKey): void => {
    const at = kept.findIndex((known) => compareEvents(known.key, one.key) >= 0);
    if (at >= 0 && kept[at]?.key.seq === one.key.seq) return;
    kept.splice(at < 0 ? kept.length : at, 0, one);
    if (kept.length > MAX_VIEWS) kept = kept.filter((_, position) => position % 2 === 0);
  };

  return {
    recorded: (event) => {
      while (isNotBefore(kept.at(-1)?.key ?? null, event)) kept.pop();
      for (const one of folding)
        if (one.earliest === null || compareEvents(event, one.earliest) < 0) one.earliest = event;
    },
    keep,
    kept: () => kept,
    viewAt: (timeUs) => viewUpTo(keyAfter(timeUs)),
    viewUpTo,
  };

  /** Returns the latest view that is not after `to`, from memory or from the index, whichever is nearer. */
  async function nearest(to: EventKey): Promise<ViewAtKey | undefined> {
    const inMemory = kept.findLast((one) => compareEvents(one.key, to) <= 0);
    const inFile = stored.findLast((one) => compareEvents(one.key, to) <= 0);
    if (inFile === undefined || isNotBefore(inMemory?.key ?? null, inFile.key)) return inMemory;
    const view = await inFile.read().catch(() => null);
    return view === null ? inMemory : { key: inFile.key, view };
  }

  async function viewUpTo(to: EventKey, signal?: AbortSignal): Promise<ClusterView> {
    const start = await nearest(to);
    let view = start?.view ?? emptyView;
    let sinceKept = 0;
    const run: { earliest: EventKey | null } = { earliest: null };
    folding.add(run);
    try {
      for await (const piece of trace.pieces({ from: start?.key ?? null, to })) {
        signal?.throwIfAborted();
        view = await foldPiece(view, piece, onUnfoldable);
        sinceKept += piece.length;
        const last = piece.at(-1);
        if (last === undefined || sinceKept < VIEW_EVERY) continue;
        if (run.earliest === null || compareEvents(last, run.earliest) < 0) keep({ key: last, view });
        sinceKept = 0;
      }
    } finally {
      folding.delete(run);
    }
    return view;
  }
}

/** Folds a piece of any length in slices. */
async function foldPiece(
  start: ClusterView,
  piece: readonly TraceEvent[],
  onError: (error: UnfoldableEvent) => void,
): Promise<ClusterView> {
  let folded = { view: start, end: 0 };
  while (folded.end < piece.length) {
    // Reading the piece has used up this turn.
    await nextTurn();
    folded = foldSlice(folded.view, piece, { start: folded.end, onError });
  }
  return folded.view;
}

function fail(error: Error): never {
  throw error;
}

function isNotBefore(key: EventKey | null, event: EventKey): boolean {
  return key !== null && compareEvents(key, event) >= 0;
}
