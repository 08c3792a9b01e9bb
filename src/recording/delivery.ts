/**
 * Delivers events from the hold-back to the listeners: in turns, in the order of time, folded into the live view, in
 * slices short enough to keep the thread free. When more events wait than memory allows, messages are omitted from the
 * picture: they are counted instead of delivered one by one.
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

/** Milliseconds between turns. Doors get at most 30 pushes a second, so shorter turns would copy state that no door sees. */
const TURN_MS = 33;
/** Maximum number of events folded and delivered in one go; the rest waits for the next turn of the event loop. */
const SLICE_EVENTS = 1_000;

/**
 * Receives events in order, the view after the last of them, and the number of messages left out since then: 0 while
 * the picture keeps up.
 */
export type Listener = (released: readonly TraceEvent[], view: ClusterView, leftOut: number) => void;

/** The way from the hold-back to the listeners. */
export interface Delivery {
  /** True when an event that happened later has already been delivered. */
  isLate(key: EventKey): boolean;
  /** Whether the event is recorded but not delivered yet. */
  isHeld(event: TraceEvent): boolean;
  /** Adds an event. @param bytes  of its line */
  add(event: TraceEvent, bytes: number): void;
  view(): ClusterView;
  /** Time by which the picture is behind what it should show by now, µs; 0 while nothing waits. */
  lagUs(): number;
  listen(listener: Listener): () => void;
  /** The part of the live view that keeps it in the order of time. */
  readonly live: Pick<LiveFold, 'isExact' | 'mark' | 'rebase'>;
  /** Resolves once all events recorded by now are delivered, including those that listeners record about them. */
  caughtUp(): Promise<void>;
  /** Delivers all held-back events at once, in order, and those that listeners record about them. Nothing older may follow. */
  settle(): Promise<void>;
  /** Delivers all held-back events at once, in order, and stops. */
  finish(): Promise<void>;
}

/** The options of a delivery. */
export interface DeliveryOptions {
  readonly holdBackUs: number;
  readonly nowUs: () => number;
  readonly clock: RecorderClock;
  readonly view: ClusterView;
  /** An event could not be folded, or a listener threw. The event is passed over; the delivery goes on. */
  readonly onError: (error: unknown) => void;
  /** Receives views of moments that are over: everything recorded by then is in them. */
  readonly onSettled?: (settled: ViewAtKey) => void;
  /** Bytes of lines that may wait before messages are left out. */
  readonly maxWaitingBytes?: number | undefined;
}

/** Turns begin when the first event comes and go on while any is held back. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { holdBackUs, nowUs, clock, onSettled = () => undefined } = options;
  const holdBack = createHoldBack(holdBackUs);
  const telling = createTelling({
    ...options,
    onSettled: (settled) => {
      const { timeUs } = settled.key;
      // A recorded event that is not delivered yet may be older: then this view of the moment is not final.
      if (!holdBack.holdsUpTo(timeUs) && !telling.holdsUpTo(timeUs)) onSettled(settled);
    },
  });
  let isTurnPlanned = false;
  let isFinished = false;
  /** Time (µs) at which a listener last recorded an event about delivered ones, such as a broken property. */
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

/** Folds and delivers in slices; a slice that waits keeps its place. */
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
