/**
 * Sends the events of a server or of the network to the recorder. Events are stamped when they happen and sent in
 * batches, on `flush` or, if the program asks for it, after a few milliseconds. While the lab does not read, events
 * about single messages are counted but not sent, so that memory stays bounded; `nseq` shows the gap. Flow: driver or
 * link → here → control channel → the lab's recorder.
 */
import { type AnyEvent, namesWith } from '../core/catalogue/index.ts';
import { type EventBody, encodeControl, MAX_FRAME_BYTES } from '../core/wire/index.ts';
import type { Clock } from './clock.ts';
import { createEventStamp } from './event-stamp.ts';

/** Unsent bytes on the control channel beyond which events about single messages are omitted. */
export const COALESCE_BYTES = 8 * 1024 * 1024;
/** Maximum length of one frame in characters; a character takes at most three bytes in UTF-8. */
const MAX_REPORT_LENGTH = MAX_FRAME_BYTES / 4;

/**
 * Events that may be omitted while the lab does not read: those that each message causes, because they fill the
 * channel.
 */
const OMITTED: ReadonlySet<string> = new Set(namesWith('perMessage'));

/** Collects events and sends them in batches. */
export interface Reporter<Event extends Pick<AnyEvent, 'event'> = AnyEvent> {
  /** Takes an event that happened now, or at `timeUs` (run time, microseconds). */
  report(event: Event, timeUs?: number): void;
  /**
   * Sends the batch on the control channel.
   *
   * @param isWriteNext  also announces that a disk write begins, which blocks the whole process. The next call reports
   *   its end. So the lab notices a disk that hangs.
   */
  flush(isWriteNext?: boolean): void;
}

/** The limits at which a batch is sent without a call of `flush`. */
export interface Batching {
  /** Milliseconds after the first event of the batch. */
  readonly afterMs: number;
  /** Number of events at which the batch is sent without waiting for the timer. */
  readonly maxEvents: number;
}

/** The control channel as the reporter uses it. */
export interface ReporterOptions {
  readonly life: number;
  readonly nowUs: Clock;
  readonly send: (text: string) => void;
  /** Returns the number of bytes given to `send` that have not left the process. */
  readonly unsentBytes: () => number;
  /** Absent: batches are sent only by `flush`. */
  readonly batching?: Batching;
}

/** Creates a reporter that numbers events from 1 in each life. */
export function createReporter<Event extends Pick<AnyEvent, 'event'> = AnyEvent>(
  options: ReporterOptions,
): Reporter<Event> {
  const { life, nowUs, send, unsentBytes, batching } = options;
  const stamps = createEventStamp(life, nowUs);
  let events: EventBody[] = [];
  let coalesced = 0;
  let isWriting = false;
  let timer: NodeJS.Timeout | null = null;

  /**
   * Splits an oversized batch in half. The lab closes the channel on a frame that is too long, which would end the
   * program.
   */
  function hand(batch: readonly EventBody[], omitted: number): void {
    const writes = isWriting ? ({ writes: true } as const) : {};
    const text = encodeControl({ type: 'events', events: batch, coalesced: omitted, ...writes });
    if (text.length <= MAX_REPORT_LENGTH || batch.length < 2) {
      send(text);
      return;
    }
    const half = batch.length >>> 1;
    hand(batch.slice(0, half), omitted);
    hand(batch.slice(half), 0);
  }

  function flush(isWriteNext = false): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (events.length === 0 && coalesced === 0 && isWriting === isWriteNext) return;
    isWriting = isWriteNext;
    const batch = events;
    const omitted = coalesced;
    events = [];
    coalesced = 0;
    hand(batch, omitted);
  }

  return {
    report(event, timeUs) {
      if (OMITTED.has(event.event) && unsentBytes() > COALESCE_BYTES) {
        stamps.skip();
        coalesced += 1;
      } else events.push(stamps.stamp(event, timeUs));
      if (batching === undefined) return;
      if (events.length >= batching.maxEvents) flush();
      else timer ??= setTimeout(flush, batching.afterMs);
    },
    flush,
  };
}
