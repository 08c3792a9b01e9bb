/** Stamps for the frames of this server: an id that is unique in the run, and the time. */
import { type FrameStamp, messageId, type ServerSpec } from '../core/wire/index.ts';
import type { Clock } from '../program/clock.ts';

/** Gives each outgoing frame its own stamp. */
export interface Stamps {
  next(): FrameStamp;
}

/** Creates the stamps of one life, with ids numbered from 1. */
export function createStamps({ server, life }: Pick<ServerSpec, 'server' | 'life'>, nowUs: Clock): Stamps {
  let counter = 0;
  return {
    next() {
      counter += 1;
      return { id: messageId(server, life, counter), life, sentUs: nowUs() };
    },
  };
}
