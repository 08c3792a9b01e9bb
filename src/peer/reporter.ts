/**
 * Events on their way to the recorder: stamped when they happen, sent once a turn and before any message that follows
 * from them. When the lab does not read, received messages are left out and counted; the gap shows in `nseq`.
 */
import type { RaftEvent } from '../core/raft/events.ts';
import type { ServerProgramEvent } from '../core/trace/events.ts';
import { type EventBody, encodeControl } from '../core/wire/index.ts';
import type { Clock } from './clock.ts';

/** Unsent bytes on the control channel beyond which message events are left out. */
export const COALESCE_BYTES = 8 * 1024 * 1024;

/** Takes events and hands them on in batches. */
export interface Reporter {
  report(event: RaftEvent | ServerProgramEvent): void;
  /** Hands what was reported to the control channel. */
  flush(): void;
}

/** Where events go, and how full that way is. */
export interface ReporterOptions {
  readonly life: number;
  readonly nowUs: Clock;
  readonly send: (text: string) => void;
  /** Bytes given to `send` that have not left the process. */
  readonly unsentBytes: () => number;
}

/** Numbers events from 1 in each life. */
export function createReporter({ life, nowUs, send, unsentBytes }: ReporterOptions): Reporter {
  let events: EventBody[] = [];
  let coalesced = 0;
  let nseq = 0;
  return {
    report(event) {
      nseq += 1;
      const isMessageEvent = event.event === 'MessagesReceived';
      if (isMessageEvent && unsentBytes() > COALESCE_BYTES) coalesced += 1;
      else events.push({ timeUs: nowUs(), nseq, life, ...event } as EventBody);
    },
    flush() {
      if (events.length === 0 && coalesced === 0) return;
      const text = encodeControl({ type: 'events', events, coalesced });
      events = [];
      coalesced = 0;
      send(text);
    },
  };
}
