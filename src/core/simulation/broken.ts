/** How a simulated run ends when a promise was broken: which one, and what was seen. */
import type { PropertyName } from '../check/index.ts';

/** Properties only a simulator can see, beside those of the judges. */
export type SimulatedProperty =
  | PropertyName
  /** What a leader believes a follower has in its term is on that follower's disk (rule L4, L5). */
  | 'match-index-on-disk'
  /** No entry stands on a disk under a lower term than its own (rule L11). */
  | 'term-before-entries'
  /** The core itself found its state impossible. */
  | 'invariant'
  /** After the faults: a leader in time, a fresh write and read, equal logs. */
  | 'liveness-leader'
  | 'liveness-write'
  | 'liveness-equal-logs'
  /** With PreVote a server that comes back does not unseat a leader that a majority hears (§9.6). */
  | 'no-disruption';

/** A broken promise. */
export class Broken extends Error {
  readonly property: SimulatedProperty;

  constructor(property: SimulatedProperty, sentence: string) {
    super(`${property}: ${sentence}`);
    this.property = property;
  }
}
