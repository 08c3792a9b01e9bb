/**
 * A judge's verdict: for each property whether it held, on how many facts that rests and how many could not be
 * judged. Nothing examined is *not judged*, never *valid*.
 */
import { EVENT_NAMES, type Proof, type TraceEvent } from '../trace/index.ts';

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
  | 'quorum-of-votes'
  | 'commit-monotonic'
  | 'applied-in-order'
  | 'own-term-commit'
  | 'quorum-of-disks'
  | 'durable-before-reveal'
  | 'restores-its-disk'
  | 'exactly-once';

/** `unknown`: nothing was wrong, but some facts could not be judged. */
export type Outcome = 'valid' | 'violated' | 'unknown' | 'not-judged';

/**
 * Why a fact could not be judged: `lost-events`, an event that it rests on was not recorded; `still-open`, the run ended
 * before its counterpart came; `forgotten`, its counterpart was let go to keep the judges small; `too-many-open`, too
 * many facts waited for theirs at once.
 */
export type UnknownReason = 'lost-events' | 'still-open' | 'forgotten' | 'too-many-open';

/** A broken property. `params` fill the sentence of the words file (`violation.<property>`). */
export interface Violation {
  readonly property: PropertyName;
  /** Where the property is stated: figure and section of the paper, rule of raft-obligations. */
  readonly rule: string;
  readonly params: Readonly<Record<string, string | number>>;
  /** The findings, in the order in which they were noticed. */
  readonly proof: readonly Proof[];
}

/** A property's account. */
export interface Verdict {
  readonly property: PropertyName;
  readonly outcome: Outcome;
  readonly examined: number;
  readonly unknown: number;
  /** The unknown ones by their reason. */
  readonly reasons: Readonly<Partial<Record<UnknownReason, number>>>;
  /** The first ones; `more` counts the rest. */
  readonly violations: readonly Violation[];
  readonly more: number;
}

/** An event as evidence. Its name is shared with the others: every parsed line has a copy of its own. */
export function proofOf({ seq, source, life, nseq, event }: TraceEvent): Proof {
  return { seq, source, life, nseq, event: NAMES.get(event) ?? event };
}

const NAMES: ReadonlyMap<string, string> = new Map(EVENT_NAMES.map((name) => [name, name]));

const MOST_KEPT = 20;

/** Keeps the account of one property. */
export class Account {
  readonly property: PropertyName;
  readonly #rule: string;
  readonly #onViolation: (violation: Violation) => void;
  readonly #violations: Violation[] = [];
  #examined = 0;
  readonly #reasons = new Map<UnknownReason, number>();
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

  /** Whether some fact could not be judged so far. */
  get hasUnknown(): boolean {
    return this.#reasons.size > 0;
  }

  /** Facts that cannot be judged. */
  unknown(reason: UnknownReason, count = 1): void {
    if (count > 0) this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + count);
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
      unknown: this.#unknown(),
      reasons: Object.fromEntries(this.#reasons),
      violations: [...this.#violations],
      more: this.#more,
    };
  }

  #unknown(): number {
    return [...this.#reasons.values()].reduce((sum, count) => sum + count, 0);
  }

  #outcome(): Outcome {
    if (this.#violations.length > 0) return 'violated';
    if (this.#reasons.size > 0) return 'unknown';
    return this.#examined > 0 ? 'valid' : 'not-judged';
  }
}
