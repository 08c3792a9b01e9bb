/**
 * The history of one key, judged as it grows. Operations that are far enough in the past are settled: only the possible
 * states after them and the operations that may still take effect remain. Later operations are kept.
 */
import { atOnce, type Pieces } from '../pieces.ts';
import { advancing, beginning, type Frontier, type Span } from './frontier.ts';
import { fittingLogOrder, type PlaceOf } from './log-order.ts';
import type { Model, Operation } from './operation.ts';

/** An operation whose return may still be observed. */
export type GrowingOperation<Input, Output> = Omit<Operation<Input, Output>, 'returned'> & {
  returned: Operation<Input, Output>['returned'];
  /** Whether the return was observed, or is no longer expected. */
  isOver: boolean;
  /** Whether the operation is settled, or being settled, without a return. A return now would come too late. */
  isSettled: boolean;
};

/** The verdict on a key that was settled at least once. */
export type KeyVerdict = { readonly answer: 'valid' | 'unknown' | 'violated'; readonly steps: number } & {
  /** For a violation: the operations around the return that no possibility allows. */
  readonly around: readonly Operation<unknown, unknown>[];
};

/** Number of operations up to the impossible return that a report shows. */
const WINDOW = 8;
/** Maximum number of model steps to settle once. A key that needs more is no longer settled. */
const MOST_STEPS_TO_SETTLE = 4_096;

export class KeyHistory<Input, Output> {
  readonly #model: Model<Input, Output>;
  #operations: GrowingOperation<Input, Output>[] = [];
  #frontier: Frontier<Input, Output>;
  #settledUs = Number.NEGATIVE_INFINITY;
  /** Moment up to which the key is being settled. */
  #settlingUs = Number.NEGATIVE_INFINITY;
  #gone = 0;
  /** Operations that were observed after the moment of their call was settled. */
  readonly #late: GrowingOperation<Input, Output>[] = [];
  /**
   * Why the key cannot be settled any further: a violation, too many possibilities, or an operation that came too late.
   */
  #stop: 'violated' | 'unknown' | null = null;

  constructor(model: Model<Input, Output>) {
    this.#model = model;
    this.#frontier = beginning(model);
  }

  get operations(): readonly GrowingOperation<Input, Output>[] {
    return this.#operations;
  }

  /** Whether anything was settled. If so, the operations alone are no longer the whole history. */
  get isSettled(): boolean {
    return this.#settledUs !== Number.NEGATIVE_INFINITY;
  }

  /** Number of judged operations, including those that are no longer kept. */
  get counted(): number {
    return this.#gone + this.#judged().length;
  }

  add(operation: GrowingOperation<Input, Output>): void {
    this.#operations.push(operation);
    if (operation.invoked > Math.max(this.#settledUs, this.#settlingUs)) return;
    this.#late.push(operation);
    this.#stop ??= 'unknown';
  }

  remove(operation: GrowingOperation<Input, Output>): void {
    this.#operations = this.#operations.filter((one) => one !== operation);
  }

  /** Settles what was over by `untilUs`. @returns the operations that are dropped */
  settle(untilUs: number): readonly GrowingOperation<Input, Output>[] {
    return atOnce(this.settling(untilUs));
  }

  /** `settle` in pieces; operations may be added between them. */
  *settling(untilUs: number): Pieces<readonly GrowingOperation<Input, Output>[]> {
    if (this.#stop !== null) return [];
    const firstOpen = this.#operations.reduce(
      (first, { isOver, invoked }) => (isOver ? first : Math.min(first, invoked)),
      Number.POSITIVE_INFINITY,
    );
    // Settles up to the moment before the first call whose return may still be observed.
    const until = Math.min(untilUs, firstOpen - 1);
    if (until <= this.#settledUs) return [];
    this.#settlingUs = until;
    for (const operation of this.#operations) {
      operation.isSettled ||= operation.invoked <= until && operation.returned === null;
    }
    const found = yield* advancing(this.#model, this.#judged(), this.#span(until), MOST_STEPS_TO_SETTLE);
    // An operation came too late meanwhile, so the result does not include it.
    if (this.#stop !== null) return [];
    if (found.answer !== 'possible') {
      this.#stop = found.answer;
      return [];
    }
    this.#frontier = found.frontier;
    this.#settledUs = until;
    return this.#letGo();
  }

  /** Judges the operations so far. An operation without a return may take effect or not. */
  verdict(): KeyVerdict {
    return atOnce(this.judging());
  }

  /** `verdict` in pieces. @param placeOf  places of operations in the log; that order is tried before any search */
  *judging(placeOf?: PlaceOf<Input, Output>): Pieces<KeyVerdict> {
    if (placeOf !== undefined && (yield* this.#fittingLogOrder(placeOf))) {
      return { answer: 'valid', steps: this.#operations.length, around: [] };
    }
    if (this.#stop === 'unknown') return { answer: 'unknown', steps: 0, around: [] };
    const found = yield* advancing(this.#model, this.#judged(), this.#span(Number.POSITIVE_INFINITY));
    if (found.answer !== 'violated') {
      return { answer: found.answer === 'possible' ? 'valid' : 'unknown', steps: found.steps, around: [] };
    }
    const before = this.#judged().filter(({ invoked }) => invoked <= found.at);
    const around = before.toSorted((a, b) => a.invoked - b.invoked).slice(-WINDOW);
    return { answer: 'violated', steps: found.steps, around };
  }

  /** Tries the log's order from each possible state, with the operations that take effect later. */
  *#fittingLogOrder(placeOf: PlaceOf<Input, Output>): Pieces<boolean> {
    const kept = this.#judged();
    const after = new Set<Operation<Input, Output>>(kept.filter(({ invoked }) => invoked > this.#settledUs));
    for (const late of this.#late) after.add(late);
    for (const { state, left } of this.#frontier) {
      yield;
      const operations = kept.filter((one) => after.has(one) || left.includes(one));
      const from = { state, us: this.#settledUs };
      if (yield* fittingLogOrder(this.#model, operations, placeOf, from)) return true;
    }
    return false;
  }

  #span(untilUs: number): Span<Input, Output> {
    return { frontier: this.#frontier, fromUs: this.#settledUs, untilUs };
  }

  /** The operations to judge: all but reads without an answer, which prove nothing. */
  #judged(): readonly Operation<Input, Output>[] {
    return this.#operations.filter(({ input, returned }) => returned !== null || !this.#model.isRead(input));
  }

  /**
   * Drops settled operations, except those that return later or may still take effect. @returns the dropped operations
   */
  #letGo(): readonly GrowingOperation<Input, Output>[] {
    const left = new Set(this.#frontier.flatMap((possibility) => possibility.left)) as ReadonlySet<unknown>;
    const gone: GrowingOperation<Input, Output>[] = [];
    const kept: GrowingOperation<Input, Output>[] = [];
    for (const operation of this.#operations) {
      const { invoked, returned } = operation;
      const isLater = invoked > this.#settledUs || (returned !== null && returned.at > this.#settledUs);
      (isLater || left.has(operation) ? kept : gone).push(operation);
    }
    this.#operations = kept;
    this.#gone += gone.filter(({ input, returned }) => returned !== null || !this.#model.isRead(input)).length;
    return gone;
  }
}
