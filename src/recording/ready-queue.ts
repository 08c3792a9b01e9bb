/**
 * Events that wait to be folded and delivered, in order. When they exceed their memory bound, messages are taken out: the
 * picture counts them instead of showing them one by one.
 */
import type { TraceEvent } from '../core/trace/events.ts';
import { isLinkMessage, type MessageTraceEvent } from '../core/trace/fold-network.ts';
import type { Released } from './hold-back.ts';

/** Maximum bytes of waiting lines; beyond it messages are left out. */
export const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** Multiple of these bytes from which the queue is urgent: leaving messages out did not suffice. */
const URGENT = 4;

/** Events on their way to the listeners. */
export class ReadyQueue {
  readonly #maxBytes: number;
  #events: readonly TraceEvent[] = [];
  /** Bytes of their lines, an estimate once some of them are gone. */
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

  /** Time of the first event that came in time, µs; null when none waits. */
  oldestUs(): number | null {
    return this.#events.find(({ late }) => late !== true)?.timeUs ?? null;
  }

  holdsUpTo(timeUs: number): boolean {
    return this.#events.some((event) => event.timeUs <= timeUs);
  }

  /** @returns the messages that are left out now; none while there is room */
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

  /** Removes `count` events from the front. */
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
