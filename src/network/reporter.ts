/**
 * Events on their way to the recorder: stamped at once, sent in batches. When the lab does not read, message events
 * are left out and counted, never kept without bound; their numbers are missing in the trace, so the gap shows.
 */
import { type EventBody, encodeControl } from '../core/wire/index.ts';
import type { Clock } from './clock.ts';
import type { NetworkEventBody } from './events.ts';

/** Unsent bytes on the control channel beyond which message events are left out. */
export const COALESCE_BYTES = 8 * 1024 * 1024;
const FLUSH_MS = 4;
const FLUSH_EVENTS = 512;

/** Events about single messages; what happens to a link is always reported. */
const MAY_BE_LEFT_OUT: ReadonlySet<NetworkEventBody['event']> = new Set([
  'MessageSent',
  'MessageDelivered',
  'MessageDropped',
]);

/** Takes events and hands them on in batches. */
export interface Reporter {
  /** An event that happened now, or at `timeUs`. Only events about single messages may be left out. */
  report(event: NetworkEventBody, timeUs?: number): void;
  /** Sends what is batched. */
  flush(): void;
}

/** The control channel as the reporter uses it. */
export interface ReporterOptions {
  readonly life: number;
  readonly nowUs: Clock;
  readonly send: (text: string) => void;
  /** Bytes given to `send` that have not left the process. */
  readonly unsentBytes: () => number;
}

/** Numbers events from 1 in each life. */
export function createReporter({ life, nowUs, send, unsentBytes }: ReporterOptions): Reporter {
  let batch: EventBody[] = [];
  let coalesced = 0;
  let nseq = 0;
  let timer: NodeJS.Timeout | null = null;

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (batch.length === 0 && coalesced === 0) return;
    const events = batch;
    const left = coalesced;
    batch = [];
    coalesced = 0;
    send(encodeControl({ type: 'events', events, coalesced: left }));
  }

  return {
    report(event, timeUs = nowUs()) {
      nseq += 1;
      if (MAY_BE_LEFT_OUT.has(event.event) && unsentBytes() > COALESCE_BYTES) coalesced += 1;
      else batch.push({ timeUs, nseq, life, ...event });
      if (batch.length >= FLUSH_EVENTS) flush();
      else timer ??= setTimeout(flush, FLUSH_MS);
    },
    flush,
  };
}
