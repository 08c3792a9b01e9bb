/**
 * Sends events to the recorder: they are stamped when they happen and sent once a turn, before any message that follows
 * from them. A write blocks the whole process, so it is announced to the lab before it begins; this is how the lab notices
 * a disk that hangs. When the lab does not read, events of received messages are omitted and counted; the gap shows in
 * `nseq`.
 */
import type { RaftEvent } from '../core/raft/events.ts';
import type { ServerProgramEvent } from '../core/trace/events.ts';
import { type EventBody, encodeControl, MAX_FRAME_BYTES } from '../core/wire/index.ts';
import type { Clock } from './clock.ts';

/** Unsent bytes on the control channel beyond which message events are left out. */
export const COALESCE_BYTES = 8 * 1024 * 1024;
/** Characters of one report; as UTF-8 none has more than three bytes. */
const MAX_REPORT_LENGTH = MAX_FRAME_BYTES / 4;

/** Takes events and hands them on in batches. */
export interface Reporter {
  report(event: RaftEvent | ServerProgramEvent): void;
  /**
   * Sends the reported events on the control channel.
   *
   * @param isWriteNext  also announces that a write begins; the next call reports its end
   */
  flush(isWriteNext?: boolean): void;
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
  let events: EventBody[] = [];
  let coalesced = 0;
  let nseq = 0;
  let isWriting = false;

  /** Splits a large batch in halves: the lab closes the channel on an oversized frame, which would end the server. */
  function hand(batch: readonly EventBody[], leftOut: number): void {
    const writes = isWriting ? ({ writes: true } as const) : {};
    const text = encodeControl({ type: 'events', events: batch, coalesced: leftOut, ...writes });
    if (text.length <= MAX_REPORT_LENGTH || batch.length < 2) {
      send(text);
      return;
    }
    const half = batch.length >>> 1;
    hand(batch.slice(0, half), leftOut);
    hand(batch.slice(half), 0);
  }

  return {
    report(event) {
      nseq += 1;
      const isMessageEvent = event.event === 'MessagesReceived';
      if (isMessageEvent && unsentBytes() > COALESCE_BYTES) coalesced += 1;
      else events.push({ timeUs: nowUs(), nseq, life, ...event } as EventBody);
    },
    flush(isWriteNext = false) {
      if (events.length === 0 && coalesced === 0 && isWriting === isWriteNext) return;
      isWriting = isWriteNext;
      const batch = events;
      const leftOut = coalesced;
      events = [];
      coalesced = 0;
      hand(batch, leftOut);
    },
  };
}
