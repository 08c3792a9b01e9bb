/**
 * Stamps the events of one program in one life: the time, and a number that counts from 1, so that the recorder notices
 * each event that is missing. Used by the reporter of servers and network, and by clients.
 */
import type { AnyEvent } from '../core/catalogue/index.ts';
import type { EventBody } from '../core/wire/index.ts';
import type { Clock } from './clock.ts';

/** The numbers of one life. */
export interface EventStamp {
  /** Returns the event with the next number, and the present time unless `timeUs` names another (run time, microseconds). */
  stamp(event: Pick<AnyEvent, 'event'>, timeUs?: number): EventBody;
  /** Uses up a number for an event that is omitted. */
  skip(): void;
}

/** Numbers from 1 in each life. */
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
