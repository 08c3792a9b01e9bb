/**
 * Folds a recording while it is read, so that no event is parsed twice. Events come in the order of arrival, and each
 * waits for earlier ones. If an event comes too late or cannot be folded, the result is dropped, and the views are
 * folded from the file in the order of time. Flow: load-trace → here → open-run.
 */
import { emptyView } from '../core/trace/empty-view.ts';
import type { TraceEvent } from '../core/trace/events.ts';
import { compareEvents } from '../core/trace/order.ts';
import { LiveFold, type ViewAtKey } from './live-fold.ts';
import { VIEW_EVERY } from './past-views.ts';

/** Maximum number of events that wait for earlier ones. */
const WAITING_EVENTS = 4_000;
/** Number of events folded in one go, about eight milliseconds of work. */
const SLICE_EVENTS = 1_000;
/** Maximum number of kept views. Beyond it every second one is dropped. */
const MAX_VIEWS = 512;

/** The fold of one recording. */
export class FoldAsRead {
  #views: ViewAtKey[] = [];
  #waiting: TraceEvent[] = [];
  #fits = true;
  readonly #live = new LiveFold({
    view: emptyView,
    settleEvery: VIEW_EVERY,
    onError: () => {
      this.#fits = false;
    },
    onSettled: (settled) => {
      this.#views.push(settled);
      if (this.#views.length > MAX_VIEWS) this.#views = this.#views.filter((_, at) => at % 2 === 0);
    },
  });

  /** Takes the next event of the file. */
  add(event: TraceEvent): void {
    this.#waiting.push(event);
    if (this.#waiting.length >= WAITING_EVENTS + SLICE_EVENTS) this.#fold(SLICE_EVENTS);
  }

  /**
   * Ends the fold.
   *
   * @returns some earlier views and the last one, earliest first; empty when an event came too late or could not be
   * folded
   */
  end(): readonly ViewAtKey[] {
    this.#fold(this.#waiting.length);
    const key = this.#live.mark()?.key;
    if (key === undefined || !this.#fits || !this.#live.isExact) return [];
    return [...this.#views, { key, view: this.#live.view }];
  }

  #fold(count: number): void {
    if (!this.#fits || !this.#live.isExact) {
      this.#waiting = [];
      return;
    }
    this.#waiting.sort(compareEvents);
    const due = this.#waiting.splice(0, count);
    for (let at = 0; at < due.length; ) at += this.#live.fold(due.slice(at));
  }
}
