/**
 * Events that wait to be folded and delivered, in order. When they exceed their memory limit, messages are removed from
 * the queue. The live view then counts them without showing them one by one.
 */

import { isLinkMessage, type MessageTraceEvent } from '../core/trace/event-kinds.ts';
import type { TraceEvent } from '../core/trace/events.ts';
import type { Released } from './hold-back.ts';

/** Maximum number of bytes of waiting lines. Beyond it messages are removed. */
export const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** Multiple of that limit from which the queue is urgent, because removing messages did not suffice. */
const URGENT = 4;

/** Events on their way to the listeners. */
export class ReadyQueue {
  readonly #maxBytes: number;
  #events: readonly TraceEvent[] = [];
  /** Bytes of the waiting lines; an estimate once some events were removed. */
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get events(): readonly TraceEvent[] {
    return this.#events;
  }

  isUrgent(): boolean {
    return this.#bytes >= URGENT * this.#maxBytes;
  }

  /** Time of the first event that was not late, µs; null when none waits. */
  oldestUs(): number | null {
    return this.#events.find(({ late }) => late !== true)?.timeUs ?? null;
  }

  holdsUpTo(timeUs: number): boolean {
    return this.#events.some((event) => event.timeUs <= timeUs);
  }

  /** Adds released events. @returns the removed messages; none while the limit is kept */
  add({ events, bytes }: Released): readonly MessageTraceEvent[] {
    this.#events = this.#events.concat(events);
    this.#bytes += bytes;
    if (this.#bytes <= this.#maxBytes) return [];
    const messages: MessageTraceEvent[] = [];
    const others: TraceEvent[] = [];
    for (const event of this.#events) {
      if (isLinkMessage(event)) messages.push(event);
      else others.push(event);
    }
    this.#keep(others);
    return messages;
  }

  /** Removes `count` events from the front and returns them. */
  take(count: number): readonly TraceEvent[] {
    const taken = this.#events.slice(0, count);
    this.#keep(this.#events.slice(count));
    return taken;
  }

  #keep(events: readonly TraceEvent[]): void {
    this.#bytes = this.#events.length === 0 ? 0 : this.#bytes * (events.length / this.#events.length);
    this.#events = events;
  }
}
