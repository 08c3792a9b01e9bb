/**
 * Stamps the events of one program in one life with the time and a number. Numbers count from 1, so the recorder
 * notices each missing event. Used by the reporter of servers and the network, and by clients.
 */
import type { AnyEvent } from '../core/catalogue/index.ts';
import type { EventBody } from '../core/wire/index.ts';
import type { Clock } from './clock.ts';

/** Gives out the event numbers of one life. */
export interface EventStamp {
  /** Returns the event with the next number, and the present time unless `timeUs` names another (run time, microseconds). */
  stamp(event: Pick<AnyEvent, 'event'>, timeUs?: number): EventBody;
  /** Skips a number for an event that is omitted. */
  skip(): void;
}

/** Creates the stamp of one life; its first number is 1. */
export function createEventStamp(life: number, nowUs: Clock): EventStamp {
  let nseq = 0;
  return {
    stamp(event, timeUs = nowUs()) {
      nseq += 1;
      return { timeUs, nseq, life, ...event };
    },
    skip() {
      nseq += 1;
    },
  };
}
