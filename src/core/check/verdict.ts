/**
 * What a judge says: for each property whether it held, on how many facts that rests and how many could not be
 * judged. Nothing examined is *not judged*, never *valid*.
 */
import type { Proof, TraceEvent } from '../trace/index.ts';

export type { Proof } from '../trace/index.ts';

/** The properties, each in a file of its own with its source. */
export type PropertyName =
  | 'election-safety'
  | 'one-append-sender'
  | 'leader-append-only'
  | 'log-matching'
  | 'leader-completeness'
  | 'state-machine-safety'
  | 'term-monotonic'
  | 'vote-once'
  | 'commit-monotonic'
  | 'applied-in-order'
  | 'own-term-commit'
  | 'quorum-of-disks'
  | 'durable-before-reveal'
  | 'restores-its-disk'
  | 'exactly-once';

/** `unknown`: nothing was wrong, but some facts could not be judged. */
export type Outcome = 'valid' | 'violated' | 'unknown' | 'not-judged';

/** A broken property. `params` fill the sentence of the words file (`violation.<property>`). */
export interface Violation {
  readonly property: PropertyName;
  /** Where the property is stated: figure and section of the paper, rule of raft-obligations. */
  readonly rule: string;
  readonly params: Readonly<Record<string, string | number>>;
  /** What was said, in the order it was noticed. */
  readonly proof: readonly Proof[];
}

/** A property's account. */
export interface Verdict {
  readonly property: PropertyName;
  readonly outcome: Outcome;
  readonly examined: number;
  readonly unknown: number;
  /** The first ones; `more` counts the rest. */
  readonly violations: readonly Violation[];
  readonly more: number;
}

/** An event as evidence. */
export function proofOf({ seq, source, life, nseq, event }: TraceEvent): Proof {
  return { seq, source, life, nseq, event };
}

const MOST_KEPT = 20;

/** Keeps the account of one property. */
export class Account {
  readonly property: PropertyName;
  readonly #rule: string;
  readonly #onViolation: (violation: Violation) => void;
  readonly #violations: Violation[] = [];
  #examined = 0;
  #unknown = 0;
  #more = 0;

  constructor(property: PropertyName, rule: string, onViolation: (violation: Violation) => void) {
    this.property = property;
    this.#rule = rule;
    this.#onViolation = onViolation;
  }

  /** One fact was compared with what it must agree with (or is the first of its kind). */
  examined(): void {
    this.#examined += 1;
  }

  /** One fact cannot be judged: what it must agree with was not recorded. */
  unknown(): void {
    this.#unknown += 1;
  }

  broken(params: Violation['params'], proof: readonly Proof[]): void {
    const violation = { property: this.property, rule: this.#rule, params, proof };
    if (this.#violations.length < MOST_KEPT) this.#violations.push(violation);
    else this.#more += 1;
    this.#onViolation(violation);
  }

  verdict(): Verdict {
    return {
      property: this.property,
      outcome: this.#outcome(),
      examined: this.#examined,
      unknown: this.#unknown,
      violations: [...this.#violations],
      more: this.#more,
    };
  }

  #outcome(): Outcome {
    if (this.#violations.length > 0) return 'violated';
    if (this.#unknown > 0) return 'unknown';
    return this.#examined > 0 ? 'valid' : 'not-judged';
  }
}
