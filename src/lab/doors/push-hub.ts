/**
 * Pushes the changed parts of the view and a bounded page of new events to every door, at most 30 times a second. All
 * doors get the same pushes. A new door first gets `mode` with the view that was last sent to the others, so that the
 * next patch fits it too. Flow: recorder → hub → doors.
 */
import type { EventPage, LabLag, LabMode, LabPush } from '../../core/lab-api/index.ts';
import { type ClusterView, diffView, emptyView, isMessageEvent, type TraceEvent } from '../../core/trace/index.ts';

/** Milliseconds between pushes, and between updates of the clock when nothing changes. */
const PUSH_MS = 34;
const CLOCK_MS = 1_000;
/** Maximum number of events in one page. Further ones are counted. */
const PAGE_EVENTS = 500;
/** Maximum number of events held for the next page. Further ones are counted. */
const HELD_EVENTS = 5_000;

/** Lag from which view and judges count as behind, µs. A smaller lag comes from the hold-back and a turn or two. */
const LAGGING_US = 1_000_000;

/** The values that the hub reads from the open run for each push. */
export interface PushClock {
  /** The lab's clock in that run, µs since it began. */
  nowUs(): number;
  lag(): LabLag;
}

const NOT_BEHIND: LabLag = { pictureUs: 0, judgesUs: 0, judgesEvents: 0 };

/** Returns a clock that stands still, for a recording or when no run is open. */
export function standingAt(timeUs: number): PushClock {
  return { nowUs: () => timeUs, lag: () => NOT_BEHIND };
}

/** The distribution of pushes to the doors. */
export interface PushHub {
  /**
   * Sends `mode` at once and every later push. Returns a function that stops this. A listener that throws is removed.
   */
  listen(onPush: (push: LabPush) => void): () => void;
  /** Call it when another run was opened, or the open one was closed. */
  open(mode: LabMode, view: ClusterView, clock: PushClock): void;
  /** Passes on the events that the recorder released. @param leftOut  number of messages that the view left out */
  released(events: readonly TraceEvent[], view: ClusterView, leftOut?: number): void;
  /** Reports how much of a recording has been read. @param share  0 to 1; null: it could not be opened */
  reading(share: number | null): void;
  /** Sends the waiting changes at once. */
  flush(): void;
  close(): void;
}

/** Returns a hub in idle mode. */
export function createPushHub(): PushHub {
  const listeners = new Set<(push: LabPush) => void>();
  let mode: LabMode = { mode: 'idle' };
  let sent: ClusterView = emptyView;
  let current: ClusterView = emptyView;
  let clock = standingAt(0);
  const held = createHeldEvents();
  let timer: NodeJS.Timeout | undefined;
  let lastPushAt = 0;

  function push(message: LabPush): void {
    for (const listener of [...listeners]) tell(listener, message);
  }

  function tell(listener: (push: LabPush) => void, message: LabPush): void {
    try {
      listener(message);
    } catch {
      // A door whose listener throws is gone. Removing it keeps the other doors and the cluster unaffected.
      listeners.delete(listener);
    }
  }

  function flush(): void {
    clearTimeout(timer);
    lastPushAt = performance.now();
    const patch = diffView(sent, current) ?? { top: {}, servers: {}, links: {}, entries: {} };
    sent = current;
    const page = held.take();
    if (page.events.length > 0 || page.leftOut > 0) push({ type: 'events', page });
    push({ type: 'view', patch, nowUs: clock.nowUs(), ...lagOf(clock) });
    if (mode.mode === 'live') schedule(CLOCK_MS);
  }

  function schedule(afterMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(flush, afterMs);
    // The hub's timer must not keep a program running.
    timer.unref();
  }

  return {
    listen: (onPush) => {
      listeners.add(onPush);
      tell(onPush, { type: 'mode', mode, view: sent });
      return () => listeners.delete(onPush);
    },
    open: (nextMode, view, nextClock) => {
      [mode, sent, current, clock] = [nextMode, view, view, nextClock];
      held.take();
      push({ type: 'mode', mode, view });
      clearTimeout(timer);
      if (mode.mode === 'live') schedule(CLOCK_MS);
    },
    reading: (share) => push({ type: 'reading', share }),
    released: (events, view, leftOut = 0) => {
      if (mode.mode !== 'live') return;
      current = view;
      held.add(events, leftOut);
      const waited = performance.now() - lastPushAt;
      schedule(Math.max(0, PUSH_MS - waited));
    },
    flush,
    close: () => {
      clearTimeout(timer);
      listeners.clear();
    },
  };
}

/** Returns the lag when it is large enough for a person to notice. */
function lagOf(clock: PushClock): { readonly lag?: LabLag } {
  const lag = clock.lag();
  return lag.pictureUs >= LAGGING_US || lag.judgesUs >= LAGGING_US ? { lag } : {};
}

/** Holds events for the next page. When too many wait, the oldest are dropped and counted. */
function createHeldEvents() {
  let events: TraceEvent[] = [];
  let overflow = 0;
  return {
    add: (released: readonly TraceEvent[], leftOut: number): void => {
      overflow += leftOut;
      for (const event of released) events.push(event);
      if (events.length <= HELD_EVENTS) return;
      overflow += events.length - HELD_EVENTS;
      events = events.slice(-HELD_EVENTS);
    },
    take: (): EventPage => {
      const page = pageOf(events, overflow);
      events = [];
      overflow = 0;
      return page;
    },
  };
}

/**
 * Returns at most one page of events. When there are more, the oldest messages are left out first, then the oldest
 * other events.
 */
export function pageOf(events: readonly TraceEvent[], alreadyLeftOut: number): EventPage {
  if (events.length <= PAGE_EVENTS) return { events: [...events], leftOut: alreadyLeftOut };
  const telling = events.filter((event) => !isMessageEvent(event.event)).slice(-PAGE_EVENTS);
  const room = PAGE_EVENTS - telling.length;
  const messages = new Set(room === 0 ? [] : events.filter((event) => isMessageEvent(event.event)).slice(-room));
  const kept = new Set([...telling, ...messages]);
  const page = events.filter((event) => kept.has(event));
  return { events: page, leftOut: alreadyLeftOut + events.length - page.length };
}
