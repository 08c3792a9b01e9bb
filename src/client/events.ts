/** Stamps a client's events with the run's time and the client's own count. */
import type { ClientEvent } from '../core/trace/events.ts';
import type { EventBody } from '../core/wire/index.ts';

/** Microseconds since the run began, on the machine's one monotonic clock. @param originNs  as in the specs */
export function createClock(originNs: string): () => number {
  const origin = BigInt(originNs);
  return () => Math.max(0, Number((process.hrtime.bigint() - origin) / 1000n));
}

/** @returns a function that stamps an event and passes it on */
export function createEmitter(options: {
  readonly life: number;
  readonly nowUs: () => number;
  readonly onEvent: (body: EventBody) => void;
}): (event: ClientEvent) => void {
  let nseq = 0;
  return (event) => {
    nseq += 1;
    options.onEvent({ timeUs: options.nowUs(), nseq, life: options.life, ...event });
  };
}
