/** How a simulated run ends when a promise was broken: which one, and what was seen. */
import type { PropertyName } from '../check/index.ts';

/** Properties only a simulator can see, beside those of the judges. */
export type SimulatedProperty =
  | PropertyName
  /** Entries that a leader believes a follower has in its term are on that follower's disk (rule L4, L5). */
  | 'match-index-on-disk'
  /** Within a leadership matchIndex never falls (rule L5). */
  | 'match-index-monotonic'
  /** No entry stands on a disk under a lower term than its own (rule L11). */
  | 'term-before-entries'
  /** The core itself found its state impossible. */
  | 'invariant'
  /** After the faults: a leader in time, a fresh write and read, equal logs. */
  | 'liveness-leader'
  | 'liveness-write'
  | 'liveness-equal-logs'
  /** In a calm network nobody unseats the leader (§5.2: heartbeats keep followers). */
  | 'liveness-stable'
  /** With CheckQuorum a leader that reaches no majority steps down (§6.2). */
  | 'quorum-contact';

/** A broken promise. */
export class Broken extends Error {
  readonly property: SimulatedProperty;

  constructor(property: SimulatedProperty, sentence: string) {
    super(`${property}: ${sentence}`);
    this.property = property;
  }
}
