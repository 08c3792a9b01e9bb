/**
 * A judge's verdict: for each property whether it held, how many facts were examined and how many could not be judged.
 * A property without examined facts is *not judged*, never *valid*.
 */
import { EVENT_NAMES, type Proof, type TraceEvent } from '../trace/index.ts';

export type { Proof } from '../trace/index.ts';

/** The properties. Each has a file of its own, which names its source. */
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
 * Why a fact could not be judged. `lost-events`: an event that it depends on was not recorded. `still-open`: the run
 * ended before its counterpart came. `forgotten`: its counterpart was dropped to keep the judges small.
 * `too-many-open`: too many facts waited for their counterparts at once.
 */
export type UnknownReason = 'lost-events' | 'still-open' | 'forgotten' | 'too-many-open';

/** A broken property. `params` fill the sentence of the words file (`violation.<property>`). */
export interface Violation {
  readonly property: PropertyName;
  /** Where the property is stated: figure and section of the paper, or a rule of SPEC.md. */
  readonly rule: string;
  readonly params: Readonly<Record<string, string | number>>;
  /** The events that prove the violation, in the order in which they were noticed. */
  readonly proof: readonly Proof[];
}

/** The result for one property. */
export interface Verdict {
  readonly property: PropertyName;
  readonly outcome: Outcome;
  readonly examined: number;
  readonly unknown: number;
  /** Number of unknown facts by reason. */
  readonly reasons: Readonly<Partial<Record<UnknownReason, number>>>;
  /** The first violations; `more` is the number of further ones. */
  readonly violations: readonly Violation[];
  readonly more: number;
}

/** Returns an event as evidence. Its name is a shared string, because every parsed line has a copy of its own. */
export function proofOf({ seq, source, life, nseq, event }: TraceEvent): Proof {
  return { seq, source, life, nseq, event: NAMES.get(event) ?? event };
}

const NAMES: ReadonlyMap<string, string> = new Map(EVENT_NAMES.map((name) => [name, name]));

const MOST_KEPT = 20;

/** Counts the facts of one property and keeps its violations. */
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

  /** Counts a fact that was compared with its counterpart, or that is the first of its kind. */
  examined(): void {
    this.#examined += 1;
  }

  /** Whether some fact could not be judged so far. */
  get hasUnknown(): boolean {
    return this.#reasons.size > 0;
  }

  /** Counts facts that cannot be judged. */
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
