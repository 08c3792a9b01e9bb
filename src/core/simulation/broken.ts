/**
 * The error with which a simulated run ends when a property is violated. It contains the property and what was
 * observed.
 */
import type { PropertyName } from '../check/index.ts';

/** The properties of the judges, and those that only a simulator can check. */
export type SimulatedProperty =
  | PropertyName
  /** Entries that a leader counts for a follower in its term are on that follower's disk (rules L4, L5). */
  | 'match-index-on-disk'
  /** matchIndex never falls within a leadership (rule L5). */
  | 'match-index-monotonic'
  /** No entry is on a disk with a higher term than the stored currentTerm (rule L11). */
  | 'term-before-entries'
  /** The core itself detected an impossible state. */
  | 'invariant'
  /** After the faults end, a leader is elected in time, new commands succeed, and the logs become equal. */
  | 'liveness-leader'
  | 'liveness-write'
  | 'liveness-equal-logs'
  /** In a calm network the leader keeps leading (§5.2: heartbeats prevent elections). */
  | 'liveness-stable'
  /** With CheckQuorum a leader that reaches no majority steps down (§6.2). */
  | 'quorum-contact';

/** A violated property. */
export class Broken extends Error {
  readonly property: SimulatedProperty;

  constructor(property: SimulatedProperty, sentence: string) {
    super(`${property}: ${sentence}`);
    this.property = property;
  }
}
