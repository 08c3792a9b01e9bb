/**
 * From the hold-back to those who listen: in turns, in the order of time, folded into the live view, never so
 * many at once that the thread is held.
 */
import type { TraceEvent } from '../../core/trace/events.ts';
import type { EventKey } from '../../core/trace/order.ts';
import type { ClusterView } from '../../core/trace/view.ts';
import type { RecorderClock } from './clock.ts';
import { foldSlice } from './fold-recorded.ts';
import { createHoldBack } from './hold-back.ts';
import { nextTurn } from './slices.ts';

const TURN_MS = 16;
/** Folded and told in one go at most; more waits for the next turn of the event loop. */
const SLICE_EVENTS = 1_000;

/** Told of every event once, in order, with the view after the last of them. */
export type Listener = (released: readonly TraceEvent[], view: ClusterView) => void;

/** The way from the hold-back to the listeners. */
export interface Delivery {
  /** True when something that happened after this has already been told. */
  isLate(key: EventKey): boolean;
  /** Recorded, but nobody has been told yet. */
  isHeld(event: TraceEvent): boolean;
  add(event: TraceEvent): void;
  view(): ClusterView;
  listen(listener: Listener): () => void;
  /** Resolves when what has happened by now and is recorded has been told. */
  caughtUp(): Promise<void>;
  /** Tells what is held back at once, in order, and stops. */
  finish(): Promise<void>;
}

/** The clock, the view to go on from, and whom to tell of errors. */
export interface DeliveryOptions {
  readonly holdBackUs: number;
  readonly nowUs: () => number;
  readonly clock: RecorderClock;
  readonly view: ClusterView;
  /** An event could not be folded, or a listener threw. The event is passed over; the delivery goes on. */
  readonly onError: (error: unknown) => void;
}

/** Turns begin when the first event comes and go on while any is held back. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { holdBackUs, nowUs, clock } = options;
  const holdBack = createHoldBack(holdBackUs);
  const telling = createTelling(options.view, options.onError);
  let isTurnPlanned = false;
  let isFinished = false;

  const turn = (): void => {
    isTurnPlanned = false;
    if (isFinished) return;
    telling.tell(holdBack.release(nowUs()));
    if (holdBack.size() > 0) planTurn(TURN_MS);
  };

  const planTurn = (ms: number): void => {
    if (isTurnPlanned || isFinished) return;
    isTurnPlanned = true;
    clock.later(turn, ms);
  };

  return {
    isLate: holdBack.isLate,
    isHeld: holdBack.isHeld,
    add: (event) => {
      holdBack.add(event);
      planTurn(holdBackUs / 1_000);
    },
    view: telling.view,
    listen: telling.listen,
    caughtUp: async () => {
      const until = nowUs();
      while (!isFinished && holdBack.holdsUpTo(until)) {
        await new Promise<void>((resolve) => clock.later(resolve, TURN_MS));
      }
      await telling.told();
    },
    finish: async () => {
      isFinished = true;
      telling.tell(holdBack.release(nowUs(), true));
      await telling.finish();
    },
  };
}

/** Folds and tells in slices; a slice that waits keeps its place. */
function createTelling(start: ClusterView, onError: (error: unknown) => void) {
  const listeners = new Set<Listener>();
  let view = start;
  let ready: readonly TraceEvent[] = [];
  let isTelling = false;
  let telling = Promise.resolve();

  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      onError(error);
    }
  };

  const tellSlices = async (): Promise<void> => {
    isTelling = true;
    while (ready.length > 0) {
      const folded = foldSlice(view, ready.slice(0, SLICE_EVENTS), { start: 0, onError });
      const slice = ready.slice(0, folded.end);
      ready = ready.slice(folded.end);
      view = folded.view;
      for (const listener of [...listeners]) attempt(() => listener(slice, view));
      if (ready.length > 0) await nextTurn();
    }
    isTelling = false;
  };

  return {
    view: () => view,
    listen: (listener: Listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    tell: (events: readonly TraceEvent[]): void => {
      ready = ready.concat(events);
      if (!isTelling) telling = tellSlices();
    },
    told: async (): Promise<void> => await telling,
    finish: async (): Promise<void> => {
      await telling;
      listeners.clear();
    },
  };
}
