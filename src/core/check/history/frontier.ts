/**
 * The possible states at one moment of a history: every state in which the operations so far can have left a key, each
 * with the operations that were called and have not taken effect yet. The frontier moves from call to call and from
 * return to return, so a long history is judged piece by piece and its past is dropped. An operation takes effect as
 * late as its return allows. An operation without a known return may take effect at any time, or never.
 *
 * @source Lowe: Testing for linearizability (2017), just-in-time linearization
 */
import type { Pieces } from '../pieces.ts';
import type { Model, Operation } from './operation.ts';

/** One possible state of a key. */
export interface Possibility<Input, Output> {
  readonly state: string;
  /** Operations that were called and have not taken effect yet, in the order of their calls. */
  readonly left: readonly Operation<Input, Output>[];
}

export type Frontier<Input, Output> = readonly Possibility<Input, Output>[];

/** `unknown`: there were too many possibilities. A violation names the return that no possibility allows. */
export type Advance<Input, Output> =
  | { readonly answer: 'possible'; readonly frontier: Frontier<Input, Output>; readonly steps: number }
  | { readonly answer: 'violated'; readonly at: number; readonly steps: number }
  | { readonly answer: 'unknown'; readonly steps: number };

/** Maximum number of possibilities at one moment. */
const MOST_POSSIBILITIES = 256;
/** Maximum number of model steps in one advance, and in one piece. With many possibilities a step takes up to 40 µs. */
const MOST_STEPS = 200_000;
const STEPS_IN_A_PIECE = 64;

/** The frontier before the first operation. */
export function beginning<Input, Output>(model: Model<Input, Output>): Frontier<Input, Output> {
  return [{ state: model.initial, left: [] }];
}

/** The time over which a frontier is moved. */
export interface Span<Input, Output> {
  readonly frontier: Frontier<Input, Output>;
  /** Moment of the frontier. */
  readonly fromUs: number;
  /** Moment to which it is moved; `Infinity` for the end. */
  readonly untilUs: number;
}

/**
 * Moves a frontier forward, in pieces.
 *
 * @param operations  all that are called after `fromUs`, and those called before it that return after it
 * @param mostSteps  maximum number of model steps; beyond it the result is `unknown`
 */
export function* advancing<Input, Output>(
  model: Model<Input, Output>,
  operations: readonly Operation<Input, Output>[],
  { frontier, fromUs, untilUs }: Span<Input, Output>,
  mostSteps: number = MOST_STEPS,
): Pieces<Advance<Input, Output>> {
  const budget = { steps: 0, mostSteps };
  let now = frontier;
  for (const { operation, isCall, at } of momentsOf(operations, fromUs, untilUs)) {
    if (isCall) {
      now = now.map(({ state, left }) => ({ state, left: [...left, operation] }));
      continue;
    }
    const next = new Possibilities<Input, Output>();
    for (const possibility of now) {
      if (possibility.left.includes(operation)) yield* takeEffect(model, { possibility, operation, next, budget });
      else next.add(possibility);
      if (next.size > MOST_POSSIBILITIES || budget.steps > mostSteps) return { answer: 'unknown', steps: budget.steps };
    }
    if (next.size === 0) return { answer: 'violated', at, steps: budget.steps };
    now = next.all();
  }
  return { answer: 'possible', frontier: now, steps: budget.steps };
}

interface Moment<Input, Output> {
  readonly at: number;
  readonly isCall: boolean;
  readonly operation: Operation<Input, Output>;
}

/** Calls and returns in the order of time. At equal times calls come first, so that the operations overlap. */
function momentsOf<Input, Output>(
  operations: readonly Operation<Input, Output>[],
  fromUs: number,
  untilUs: number,
): readonly Moment<Input, Output>[] {
  const moments: Moment<Input, Output>[] = [];
  for (const operation of operations) {
    const { invoked, returned } = operation;
    if (invoked > fromUs && invoked <= untilUs) moments.push({ at: invoked, isCall: true, operation });
    if (returned !== null && returned.at > fromUs && returned.at <= untilUs) {
      moments.push({ at: returned.at, isCall: false, operation });
    }
  }
  return moments.sort((a, b) => a.at - b.at || Number(b.isCall) - Number(a.isCall));
}

/**
 * Adds to `next` each possibility after this operation takes effect now. Other operations may take effect before it.
 */
function* takeEffect<Input, Output>(
  model: Model<Input, Output>,
  of: {
    readonly possibility: Possibility<Input, Output>;
    readonly operation: Operation<Input, Output>;
    readonly next: Possibilities<Input, Output>;
    readonly budget: { steps: number; readonly mostSteps: number };
  },
): Pieces<void> {
  const { operation, next, budget } = of;
  const seen = new Possibilities<Input, Output>();
  const ways = [{ possibility: of.possibility, hasOnlyEndless: true, isFirst: true }];
  for (let way = ways.pop(); way !== undefined && budget.steps <= budget.mostSteps; way = ways.pop()) {
    const { state, left } = way.possibility;
    for (const one of left) {
      const isEndless = one.returned === null;
      // This write overwrites the effects of the operations before it, so the outcome is the same without them.
      if (isEndless && !way.isFirst && way.hasOnlyEndless && model.isBlind?.(one.input) === true) continue;
      budget.steps += 1;
      if (budget.steps % STEPS_IN_A_PIECE === 0) yield;
      const after = model.step(state, one.input, one.returned?.output ?? null);
      if (after === null || (isEndless && after === state)) continue;
      const possibility = { state: after, left: left.filter((other) => other !== one) };
      if (one === operation) next.add(possibility);
      else if (seen.add(possibility)) {
        ways.push({ possibility, hasOnlyEndless: way.hasOnlyEndless && isEndless, isFirst: false });
      }
    }
  }
}

/**
 * Possibilities without those that another one includes. One includes another when both have the same state and the
 * same operations that must still take effect, and it has every operation of the other that may take effect.
 */
class Possibilities<Input, Output> {
  readonly #byDuties = new Map<string, Possibility<Input, Output>[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  all(): Frontier<Input, Output> {
    return [...this.#byDuties.values()].flat();
  }

  /** @returns false when a possibility of the set includes it */
  add(possibility: Possibility<Input, Output>): boolean {
    const { state, left } = possibility;
    const duties = left.filter(({ returned }) => returned !== null).map(({ name }) => name);
    const key = `${duties.join(' ')} ${state}`;
    const others = this.#byDuties.get(key) ?? [];
    if (others.some((other) => left.every((one) => other.left.includes(one)))) return false;
    const kept = others.filter((other) => !other.left.every((one) => left.includes(one)));
    kept.push(possibility);
    this.#byDuties.set(key, kept);
    this.#size += kept.length - others.length;
    return true;
  }
}
