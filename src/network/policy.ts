/**
 * What becomes of a message under a link's policy: one pure function. A fault that delays, loses, duplicates or
 * reorders is another policy here that gives other fates; one that draws takes the link's random word as an argument.
 */
import type { LinkPolicy } from '../core/wire/index.ts';

/** One copy of the message. No fate at all cannot happen: every message's end is reported. */
export type Fate =
  /** `dueUs`: when it is to be handed to the receiver. */
  { readonly type: 'deliver'; readonly dueUs: number } | { readonly type: 'drop'; readonly reason: 'cut' };

/** Where a message stands when it arrives; all times in microseconds since the run began. */
export interface Arrival {
  readonly arrivedUs: number;
  readonly hopDelayUs: number;
  /** When the latest message of this link is due, 0 for none: `pass` keeps the order even when the pace rises. */
  readonly lastDueUs: number;
}

/** When a message is due if no fault touches it. */
export function passDueUs(arrival: Arrival): number {
  return Math.max(arrival.lastDueUs, arrival.arrivedUs + arrival.hopDelayUs);
}

/** The fates of one arriving message, one for each copy. */
export function fatesOf(policy: LinkPolicy, arrival: Arrival): readonly Fate[] {
  switch (policy.mode) {
    case 'pass':
      return [{ type: 'deliver', dueUs: passDueUs(arrival) }];
    case 'cut':
      return [{ type: 'drop', reason: 'cut' }];
    default:
      return unreachable(policy);
  }
}

function unreachable(policy: never): never {
  throw new Error(`no fate for the policy ${JSON.stringify(policy)}`);
}
