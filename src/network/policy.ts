/**
 * Decides the fate of a message from the link's policy, the arrival and the link's random draws, as a pure function.
 * Only a delayed or jittered message may be overtaken; all others keep their order.
 */
import type { Chance, LinkPolicy, LinkShape } from '../core/wire/index.ts';

/** The fate of one copy of a message. Every message has at least one copy, so its end is always reported. */
export type Fate =
  | {
      readonly type: 'deliver';
      /** Time at which the copy is handed to the receiver. */
      readonly dueUs: number;
      /** Whether later messages must not overtake this one. */
      readonly inOrder: boolean;
    }
  | { readonly type: 'drop'; readonly reason: 'cut' | 'lost' };

/** The times of a message's arrival, in microseconds since the run began. */
export interface Arrival {
  readonly kind: 'request' | 'reply';
  readonly arrivedUs: number;
  readonly hopDelayUs: number;
  /** The delay is drawn from `hopDelayUs` ± `jitterUs`. */
  readonly jitterUs: number;
  /** Share of the messages that the run loses on every link, in percent. */
  readonly lossPercent: number;
  /**
   * Due time of the latest message that keeps its order, or 0. With it, messages keep their order even when the pace
   * rises.
   */
  readonly lastDueUs: number;
}

/** Returns when a message without faults is due. */
export function passDueUs(arrival: Arrival): number {
  return Math.max(arrival.lastDueUs, arrival.arrivedUs + arrival.hopDelayUs);
}

/**
 * Returns the fate of each copy of an arriving message. A percentage of 0 never happens, one of 100 always happens. The
 * run's own loss and jitter apply first, and draw nothing when they are 0.
 */
export function fatesOf(policy: LinkPolicy, arriving: Arrival, chance: Chance): readonly Fate[] {
  if (policy.mode === 'cut') return [{ type: 'drop', reason: 'cut' }];
  if (arriving.lossPercent > 0 && happens(arriving.lossPercent, chance)) return [{ type: 'drop', reason: 'lost' }];
  const arrival = { ...arriving, hopDelayUs: drawnHopUs(arriving, chance) };
  switch (policy.mode) {
    case 'pass':
    // A held message gets the fate of a passing one, and waits in the link until the hold ends.
    case 'hold':
      return [{ type: 'deliver', dueUs: passDueUs(arrival), inOrder: true }];
    case 'shape':
      return shaped(arrival.kind === 'request' ? policy.requests : policy.replies, arrival, chance);
    default:
      return unreachable(policy);
  }
}

/** Draws the delay of one message. Messages with jitter still keep their order, as on one connection. */
function drawnHopUs({ hopDelayUs, jitterUs }: Arrival, chance: Chance): number {
  if (jitterUs === 0) return hopDelayUs;
  return Math.max(0, Math.round(hopDelayUs + (2 * chance() - 1) * jitterUs));
}

function shaped(shape: LinkShape, arrival: Arrival, chance: Chance): readonly Fate[] {
  if (happens(shape.lossPercent, chance)) return [{ type: 'drop', reason: 'lost' }];
  const first = delayed(shape, arrival, chance);
  if (!happens(shape.duplicatePercent, chance)) return [first];
  return [first, delayed(shape, arrival, chance)];
}

function delayed(shape: LinkShape, arrival: Arrival, chance: Chance): Fate {
  const { delayMs, jitterMs, reorderPercent, reorderMinMs, reorderMaxMs } = shape;
  const usualUs = arrival.arrivedUs + arrival.hopDelayUs + delayMs * 1000;
  const jitteredUs = usualUs + Math.floor(chance() * jitterMs * 1000);
  if (happens(reorderPercent, chance)) {
    const extraMs = reorderMinMs + chance() * (reorderMaxMs - reorderMinMs);
    return { type: 'deliver', dueUs: jitteredUs + Math.floor(extraMs * 1000), inOrder: false };
  }
  if (jitterMs > 0) return { type: 'deliver', dueUs: jitteredUs, inOrder: false };
  return { type: 'deliver', dueUs: Math.max(arrival.lastDueUs, usualUs), inOrder: true };
}

function happens(percent: number, chance: Chance): boolean {
  return chance() * 100 < percent;
}

function unreachable(policy: never): never {
  throw new Error(`no fate for the policy ${JSON.stringify(policy)}`);
}
