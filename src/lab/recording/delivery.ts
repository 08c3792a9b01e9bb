/**
 * From the hold-back to those who listen: in turns, in the order of time, folded into the live view, never so
 * many at once that the thread is held.
 */
import type { TraceEvent } from '../../core/trace/events.ts';
import type { EventKey } from '../../core/trace/order.ts';
import type { ClusterView } from '../../core/trace/view.ts';
import type { RecorderClock } from './clock.ts';
import { foldRecorded } from './fold-recorded.ts';
import { createHoldBack } from './hold-back.ts';
import { nextTurn } from './slices.ts';

const TURN_MS = 16;
/** Folded and told in one go; more waits for the next turn of the event loop. */
const SLICE_EVENTS = 1_000;

export type Listener = (released: readonly TraceEvent[], view: ClusterView) => void;

export interface Delivery {
  /** True when something that happened after this has already been told. */
  isLate(key: EventKey): boolean;
  /** Recorded, but nobody has been told yet. */
  isHeld(event: TraceEvent): boolean;
  add(event: TraceEvent): void;
  view(): ClusterView;
  listen(listener: Listener): () => void;
  /** Tells what is held back at once, in order, and stops. */
  finish(): Promise<void>;
}

/** Turns begin when the first event comes and go on while any is held back. */
export function createDelivery(options: {
  readonly holdBackUs: number;
  readonly nowUs: () => number;
  readonly clock: RecorderClock;
  readonly view: ClusterView;
  /** An event could not be folded, or a listener threw. The event is passed over; the delivery goes on. */
  readonly onError: (error: unknown) => void;
}): Delivery {
  const { holdBackUs, nowUs, clock, onError } = options;
  const holdBack = createHoldBack(holdBackUs);
  const listeners = new Set<Listener>();
  let { view } = options;
  let ready: TraceEvent[] = [];
  let isTurnPlanned = false;
  let isFinished = false;
  let isDelivering = false;
  let delivering = Promise.resolve();

  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      onError(error);
    }
  };

  const foldIn = (event: TraceEvent): void => {
    view = foldRecorded(view, event);
  };

  const deliver = async (): Promise<void> => {
    isDelivering = true;
    for (;;) {
      const slice = ready.slice(0, SLICE_EVENTS);
      ready = ready.slice(SLICE_EVENTS);
      for (const event of slice) attempt(() => foldIn(event));
      if (slice.length > 0) for (const listener of [...listeners]) attempt(() => listener(slice, view));
      if (ready.length === 0) break;
      await nextTurn();
    }
    isDelivering = false;
  };

  const release = (everything: boolean): void => {
    ready = ready.concat(holdBack.release(nowUs(), everything));
    if (ready.length > 0 && !isDelivering) delivering = deliver();
  };

  const planTurn = (ms: number): void => {
    if (isTurnPlanned || isFinished) return;
    isTurnPlanned = true;
    clock.later(() => {
      isTurnPlanned = false;
      if (isFinished) return;
      release(false);
      if (holdBack.size() > 0) planTurn(TURN_MS);
    }, ms);
  };

  return {
    isLate: holdBack.isLate,
    isHeld: holdBack.isHeld,
    add: (event) => {
      holdBack.add(event);
      planTurn(holdBackUs / 1_000);
    },
    view: () => view,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    finish: async () => {
      isFinished = true;
      release(true);
      await delivering;
      listeners.clear();
    },
  };
}
