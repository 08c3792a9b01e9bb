/**
 * Delivers events from the hold-back to the listeners. A turn releases the events that are due, sorts them by time and
 * folds them into the live view, in slices short enough to keep the thread free. When more events wait than memory
 * allows, waiting messages are only counted in the view and not delivered one by one.
 */
import type { TraceEvent } from '../core/trace/events.ts';
import type { EventKey } from '../core/trace/order.ts';
import type { ClusterView } from '../core/trace/view.ts';
import type { RecorderClock } from './clock.ts';
import { createHoldBack, type Released } from './hold-back.ts';
import { LiveFold, type ViewAtKey } from './live-fold.ts';
import { VIEW_EVERY } from './past-views.ts';
import { MAX_WAITING_BYTES, ReadyQueue } from './ready-queue.ts';
import { nextTurn } from './slices.ts';

/**
 * Milliseconds between turns. Windows and browsers receive at most 30 pushes a second, so shorter turns would copy
 * state that none of them shows.
 */
const TURN_MS = 33;
/** Maximum number of events folded and delivered in one go. The rest waits for the next turn of the event loop. */
const SLICE_EVENTS = 1_000;

/**
 * Receives events in the order of time, the view after the last of them, and the number of messages that were only
 * counted since the last call. That number is 0 while the live view keeps up.
 */
export type Listener = (released: readonly TraceEvent[], view: ClusterView, leftOut: number) => void;

/** The path of events from the hold-back to the listeners. */
export interface Delivery {
  /** Whether an event of a later time has already been delivered. */
  isLate(key: EventKey): boolean;
  /** Whether the event is recorded but not delivered yet. */
  isHeld(event: TraceEvent): boolean;
  /** Adds an event. @param bytes  length of its line */
  add(event: TraceEvent, bytes: number): void;
  view(): ClusterView;
  /** Time by which the live view is behind what it should show now, µs; 0 while no event waits. */
  lagUs(): number;
  listen(listener: Listener): () => void;
  /** The part of the live view that keeps it in the order of time. */
  readonly live: Pick<LiveFold, 'isExact' | 'mark' | 'rebase'>;
  /** Resolves when all events recorded so far are delivered, including those that listeners record in response. */
  caughtUp(): Promise<void>;
  /**
   * Delivers all held-back events at once, in the order of time, and also those that listeners record in response. The
   * caller ensures that no older event follows.
   */
  settle(): Promise<void>;
  /** Delivers all held-back events at once, in the order of time, and stops. */
  finish(): Promise<void>;
}

/** The options of a delivery. */
export interface DeliveryOptions {
  readonly holdBackUs: number;
  readonly nowUs: () => number;
  readonly clock: RecorderClock;
  readonly view: ClusterView;
  /** Called when an event could not be folded or a listener threw. The event is skipped, and the delivery goes on. */
  readonly onError: (error: unknown) => void;
  /** Receives views of past moments that contain every event recorded up to that moment. */
  readonly onSettled?: (settled: ViewAtKey) => void;
  /** Bytes of lines that may wait before messages are only counted. */
  readonly maxWaitingBytes?: number | undefined;
}

/** Creates a delivery. Turns begin with the first event and repeat while any event is held back. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { holdBackUs, nowUs, clock, onSettled = () => undefined } = options;
  const holdBack = createHoldBack(holdBackUs);
  const telling = createTelling({
    ...options,
    onSettled: (settled) => {
      const { timeUs } = settled.key;
      // A recorded event that is not delivered yet may be older than this view; the view is not final then.
      if (!holdBack.holdsUpTo(timeUs) && !telling.holdsUpTo(timeUs)) onSettled(settled);
    },
  });
  let isTurnPlanned = false;
  let isFinished = false;
  /** Time at which a listener last recorded an event in response to delivered ones, such as a broken property, µs. */
  let answeredUs = 0;

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
    add: (event, bytes) => {
      holdBack.add(event, bytes);
      if (telling.isInListener()) answeredUs = Math.max(answeredUs, event.timeUs);
      planTurn(holdBackUs / 1_000);
    },
    view: telling.view,
    lagUs: () => {
      const oldestUs = telling.oldestUs();
      return oldestUs === null ? 0 : Math.max(0, nowUs() - holdBackUs - oldestUs);
    },
    listen: telling.listen,
    live: telling.live,
    caughtUp: async () => {
      let until = nowUs();
      for (;;) {
        while (!isFinished && holdBack.holdsUpTo(until)) {
          await new Promise<void>((resolve) => clock.later(resolve, TURN_MS));
        }
        await telling.told();
        if (answeredUs <= until) return;
        until = answeredUs;
      }
    },
    settle: async () => {
      do {
        telling.tell(holdBack.release(nowUs(), true));
        await telling.told();
      } while (holdBack.size() > 0);
    },
    finish: async () => {
      isFinished = true;
      telling.tell(holdBack.release(nowUs(), true));
      await telling.finish();
    },
  };
}

/** Folds events and passes them to the listeners in slices. Events that wait for the next slice keep their order. */
function createTelling(options: DeliveryOptions & { readonly onSettled: (settled: ViewAtKey) => void }) {
  const { view, onError, onSettled, maxWaitingBytes = MAX_WAITING_BYTES } = options;
  const listeners = new Set<Listener>();
  const live = new LiveFold({ view, onError, onSettled, settleEvery: VIEW_EVERY });
  const ready = new ReadyQueue(maxWaitingBytes);
  let leftOut = 0;
  let isTelling = false;
  let isInListener = false;
  let telling = Promise.resolve();

  const attempt = (work: () => void): void => {
    isInListener = true;
    try {
      work();
    } catch (error) {
      onError(error);
    } finally {
      isInListener = false;
    }
  };

  const tellSlices = async (): Promise<void> => {
    isTelling = true;
    while (ready.events.length > 0 || leftOut > 0) {
      const { events } = ready;
      const slice = ready.take(events.length === 0 ? 0 : live.fold(events.slice(0, SLICE_EVENTS)));
      const counted = leftOut;
      leftOut = 0;
      for (const listener of [...listeners]) attempt(() => listener(slice, live.view, counted));
      if (ready.events.length > 0 && !ready.isUrgent()) await nextTurn();
    }
    isTelling = false;
  };

  return {
    live,
    isInListener: () => isInListener,
    view: () => live.view,
    oldestUs: () => ready.oldestUs(),
    holdsUpTo: (timeUs: number) => ready.holdsUpTo(timeUs),
    listen: (listener: Listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    tell: (released: Released): void => {
      const messages = ready.add(released);
      if (messages.length > 0) live.count(messages);
      leftOut += messages.length;
      if (!isTelling) telling = tellSlices();
    },
    told: async (): Promise<void> => await telling,
    finish: async (): Promise<void> => {
      await telling;
      listeners.clear();
    },
  };
}
