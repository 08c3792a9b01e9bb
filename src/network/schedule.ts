/**
 * One timer for all delayed deliveries. Each link asks to be woken when its first message is due, and a heap keeps the
 * earliest on top. So a thousand delayed messages need only one timer.
 */
import type { Clock } from '../program/clock.ts';

/** An object that is woken to deliver due messages. `wake` returns when it is next due, or null for never. */
export interface Sleeper {
  wake(nowUs: number): number | null;
}

/** Calls back when a message is due. */
export interface Schedule {
  /** Wakes the sleeper at `dueUs` or soon after, never before. A repeated call with a later time has no effect. */
  wakeAt(sleeper: Sleeper, dueUs: number): void;
  close(): void;
}

interface Alarm {
  readonly dueUs: number;
  readonly sleeper: Sleeper;
}

/** One timer for all messages in flight. */
export function createSchedule(nowUs: Clock): Schedule {
  const heap: Alarm[] = [];
  /** Earliest alarm of each sleeper. A later one need not be entered, because `wake` returns the next due time. */
  const earliest = new Map<Sleeper, number>();
  let timer: NodeJS.Timeout | null = null;
  let timerUs = Number.POSITIVE_INFINITY;

  function arm(): void {
    const next = heap[0];
    if (next === undefined || next.dueUs >= timerUs) return;
    if (timer !== null) clearTimeout(timer);
    timerUs = next.dueUs;
    timer = setTimeout(ring, Math.max(0, Math.ceil((next.dueUs - nowUs()) / 1000)));
  }

  function ring(): void {
    timer = null;
    timerUs = Number.POSITIVE_INFINITY;
    const now = nowUs();
    // Timers count whole milliseconds and may fire a little early; items that are not due yet wait for the next timer.
    for (let next = heap[0]; next !== undefined && next.dueUs <= now; next = heap[0]) {
      pop(heap);
      if (earliest.get(next.sleeper) !== next.dueUs) continue;
      earliest.delete(next.sleeper);
      const dueUs = next.sleeper.wake(now);
      if (dueUs !== null) enter(next.sleeper, dueUs);
    }
    arm();
  }

  function enter(sleeper: Sleeper, dueUs: number): void {
    if ((earliest.get(sleeper) ?? Number.POSITIVE_INFINITY) <= dueUs) return;
    earliest.set(sleeper, dueUs);
    push(heap, { dueUs, sleeper });
  }

  return {
    wakeAt(sleeper, dueUs) {
      enter(sleeper, dueUs);
      arm();
    },
    close() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      heap.length = 0;
      earliest.clear();
    },
  };
}

function push(heap: Alarm[], alarm: Alarm): void {
  let at = heap.length;
  heap.push(alarm);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] as Alarm;
    if (above.dueUs <= alarm.dueUs) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = alarm;
}

function pop(heap: Alarm[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && (heap[child + 1] as Alarm).dueUs < (heap[child] as Alarm).dueUs) child += 1;
    if ((heap[child] as Alarm).dueUs >= last.dueUs) break;
    heap[at] = heap[child] as Alarm;
    at = child;
  }
  heap[at] = last;
}
