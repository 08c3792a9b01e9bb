/**
 * The hold-back. Events wait 20 ms for earlier ones that arrive later, and are then released in the order of time. An
 * event that arrives after a later one was released is marked late.
 */
import type { TraceEvent } from '../core/trace/events.ts';
import { compareEvents, type EventKey } from '../core/trace/order.ts';

/** The events that wait for earlier ones. */
export interface HoldBack {
  /** Whether an event of a later time has already been released. */
  isLate(key: EventKey): boolean;
  /** Adds an event. @param bytes  length of its line */
  add(event: TraceEvent, bytes: number): void;
  /**
   * Releases the events that have waited long enough at `nowUs`, in the order of time. With `everything` it releases
   * all.
   */
  release(nowUs: number, everything?: boolean): Released;
  isHeld(event: TraceEvent): boolean;
  size(): number;
  /** Whether an event of this time or earlier is held back, µs. */
  holdsUpTo(timeUs: number): boolean;
}

/** The released events, and the bytes of their lines. */
export interface Released {
  readonly events: readonly TraceEvent[];
  readonly bytes: number;
}

/** An event whose clock is ahead of ours by more than this is released without waiting (µs). */
const AHEAD_US = 1_000_000;

/** Creates a hold-back of `holdBackUs` microseconds. */
export function createHoldBack(holdBackUs: number): HoldBack {
  let waiting: TraceEvent[] = [];
  /** Bytes of the waiting events' lines, by `seq`. */
  const held = new Map<number, number>();
  let newest: EventKey | null = null;
  return {
    isLate: (key) => newest !== null && compareEvents(key, newest) < 0,
    add: (event, bytes) => {
      waiting.push(event);
      held.set(event.seq, bytes);
    },
    release: (nowUs, everything = false) => {
      const isDue = ({ timeUs }: TraceEvent): boolean =>
        everything || timeUs <= nowUs - holdBackUs || timeUs > nowUs + AHEAD_US;
      const due = waiting.filter(isDue).sort(compareEvents);
      if (due.length === 0) return { events: due, bytes: 0 };
      waiting = waiting.filter((event) => !isDue(event));
      let bytes = 0;
      for (const { seq } of due) {
        bytes += held.get(seq) ?? 0;
        held.delete(seq);
      }
      const last = due.findLast(({ timeUs }) => timeUs <= nowUs);
      if (last !== undefined && (newest === null || compareEvents(last, newest) > 0)) newest = last;
      return { events: due, bytes };
    },
    isHeld: (event) => held.has(event.seq),
    size: () => waiting.length,
    holdsUpTo: (until) => waiting.some(({ timeUs }) => timeUs <= until),
  };
}
