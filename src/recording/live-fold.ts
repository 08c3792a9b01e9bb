/**
 * The live view: the fold of every delivered event in the order of time. An event that comes a little late is inserted
 * at its place. Therefore, the last stretches of events are kept with the views between them, and only the events after
 * the late one are folded again. A much older event (of a server that was frozen) makes the view inexact until it is
 * rebased on a view folded from the file. Flow: delivery.ts → here → live view; views that are almost final →
 * past-views.ts.
 */

import type { MessageTraceEvent } from '../core/trace/event-kinds.ts';
import type { TraceEvent } from '../core/trace/events.ts';
import { withMessages } from '../core/trace/fold.ts';
import { compareEvents, type EventKey } from '../core/trace/order.ts';
import type { ClusterView } from '../core/trace/view.ts';
import { foldSlice } from './fold-recorded.ts';

/**
 * Number of events kept to be folded again. Folding them takes at most about 10 ms, and far fewer come late under full
 * load.
 */
const REDO_EVENTS = 1_500;
/** Maximum number of events in a stretch. Events folded in one go are one stretch. */
const MAX_STRETCH_EVENTS = 1_000;
/** Number of events between two kept views after a stretch was folded again. */
const STRETCH_EVENTS = 250;

/** A view, and the key of the last event in it. */
export interface ViewAtKey {
  readonly key: EventKey;
  readonly view: ClusterView;
}

/** A place in the trace from which an inexact view can be rebased. It is valid until an older event comes. */
export interface RebaseMark {
  readonly key: EventKey;
  readonly disorder: number;
}

export interface LiveFoldOptions {
  readonly view: ClusterView;
  /** Called when an event could not be folded. The event is skipped. */
  readonly onError: (error: Error) => void;
  /** Receives an exact view from time to time. Only events older than the kept ones can still change it. */
  readonly onSettled: (settled: ViewAtKey) => void;
  /** Minimum number of events between two such views. */
  readonly settleEvery: number;
}

/** Events in the order of time, and the view before the first of them. */
interface Stretch {
  readonly before: ClusterView;
  readonly events: readonly TraceEvent[];
}

/** The growing live view. Every event must be later than the initial view. */
export class LiveFold {
  readonly #options: LiveFoldOptions;
  #view: ClusterView;
  #stretches: Stretch[] = [];
  /** Number of events in the stretches. */
  #kept = 0;
  /** The latest event that is no longer in the stretches. */
  #floor: EventKey | null = null;
  #sinceSettled = 0;
  #isExact = true;
  /** Number of events that came too late to be inserted at their place. */
  #disorder = 0;
  /** The latest message that was only counted. A view up to an earlier event does not hold it. */
  #counted: EventKey | null = null;

  constructor(options: LiveFoldOptions) {
    this.#options = options;
    this.#view = options.view;
  }

  get view(): ClusterView {
    return this.#view;
  }

  /** Whether the view is the fold of all delivered events in the order of time. */
  get isExact(): boolean {
    return this.#isExact;
  }

  /**
   * Folds events from the front of the list until all are folded, a stretch is full or the slice of time is over.
   *
   * @returns the number of folded events, at least one for a list that is not empty
   */
  fold(events: readonly TraceEvent[]): number {
    const late = lateLength(events, this.#newest());
    if (late > 0) this.#insert(events.slice(0, late));
    const rest = events.slice(late);
    return (
      late + (rest.length === 0 ? 0 : this.#append(rest.slice(0, Math.min(lengthInOrder(rest), MAX_STRETCH_EVENTS))))
    );
  }

  /**
   * Counts messages without folding them one by one. Their order is lost, so the view is inexact until it is rebased.
   */
  count(messages: readonly MessageTraceEvent[]): void {
    const newest = this.#newest();
    this.#isExact = false;
    this.#disorder += messages.length;
    for (const message of messages) if (isAfter(message, this.#counted)) this.#counted = message;
    this.#view = withMessages(this.#view, messages);
    this.#forget(newest);
  }

  /**
   * Returns the place to rebase from. Returns null before the first event, and while a counted message is later than
   * the last folded event.
   */
  mark(): RebaseMark | null {
    const key = this.#newest();
    if (key === null || (this.#counted !== null && !isAfter(key, this.#counted))) return null;
    return { key, disorder: this.#disorder };
  }

  /**
   * Makes the view exact by folding the events after the mark onto `view`.
   *
   * @param view  the fold of all events up to the mark, in the order of time
   * @returns false, without a change, when too many events came after the mark or one came that is older than it
   */
  rebase(mark: RebaseMark, view: ClusterView): boolean {
    if (mark.disorder !== this.#disorder || isAfter(this.#floor ?? mark.key, mark.key)) return false;
    const after = this.#stretches.flatMap(({ events }) => events).filter((event) => isAfter(event, mark.key));
    this.#forget(mark.key);
    this.#view = view;
    this.#isExact = true;
    this.#foldAll(after);
    return true;
  }

  #newest(): EventKey | null {
    return this.#stretches.at(-1)?.events.at(-1) ?? this.#floor;
  }

  /** Folds events as one stretch. @returns the number folded before the slice of time was over */
  #append(events: readonly TraceEvent[]): number {
    const before = this.#view;
    const folded = foldSlice(before, events, { start: 0, onError: this.#options.onError });
    this.#view = folded.view;
    this.#keep({ before, events: events.slice(0, folded.end) });
    return folded.end;
  }

  #keep(stretch: Stretch): void {
    const stretches = this.#stretches;
    stretches.push(stretch);
    this.#kept += stretch.events.length;
    while (stretches.length > 1 && this.#kept - (stretches[0]?.events.length ?? 0) >= REDO_EVENTS) {
      const oldest = stretches.shift()?.events ?? [];
      this.#kept -= oldest.length;
      this.#sinceSettled += oldest.length;
      this.#floor = oldest.at(-1) ?? this.#floor;
      const settled = stretches[0]?.before;
      if (!this.#isExact || settled === undefined || this.#floor === null) continue;
      if (this.#sinceSettled < this.#options.settleEvery) continue;
      this.#sinceSettled = 0;
      this.#options.onSettled({ key: this.#floor, view: settled });
    }
  }

  /** Inserts late events at their place and folds all events after the first of them again. */
  #insert(late: readonly TraceEvent[]): void {
    const first = late.toSorted(compareEvents)[0] as TraceEvent;
    if (!this.#isExact || !isAfter(first, this.#floor)) {
      this.#giveUpOrder(late);
      return;
    }
    const at = this.#stretches.findIndex(({ events }) => isAfter(events.at(-1) as EventKey, first));
    const redone = this.#stretches.splice(at);
    this.#kept -= redone.reduce((sum, { events }) => sum + events.length, 0);
    this.#view = redone[0]?.before ?? this.#view;
    this.#foldAll([...redone.flatMap(({ events }) => events), ...late].toSorted(compareEvents));
  }

  #foldAll(events: readonly TraceEvent[]): void {
    for (let done = 0; done < events.length; ) done += this.#append(events.slice(done, done + STRETCH_EVENTS));
  }

  /**
   * Folds events that are too late to be inserted. The facts in the view stay right, but conclusions from the order of
   * events may be wrong, so the view becomes inexact.
   */
  #giveUpOrder(late: readonly TraceEvent[]): void {
    const newest = this.#newest();
    this.#isExact = false;
    this.#disorder += late.length;
    this.#foldAll(late);
    this.#forget(newest);
  }

  /** Drops the kept events. Events up to `floor` cannot be folded again. */
  #forget(floor: EventKey | null): void {
    this.#stretches = [];
    this.#kept = 0;
    this.#floor = floor;
  }
}

function isAfter(event: EventKey, key: EventKey | null): boolean {
  return key === null || compareEvents(event, key) > 0;
}

/** Returns the number of events at the front that are not later than `key`. */
function lateLength(events: readonly TraceEvent[], key: EventKey | null): number {
  const end = events.findIndex((event) => isAfter(event, key));
  return end < 0 ? events.length : end;
}

/** Returns the number of events at the front that are in the order of time. */
function lengthInOrder(events: readonly TraceEvent[]): number {
  const end = events.findIndex((event, at) => !isAfter(event, events[at - 1] ?? null));
  return end < 0 ? events.length : end;
}
