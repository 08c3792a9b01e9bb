/**
 * Searches for an order of the operations, each between its call and its return, that the model allows. The search
 * tries operations in every possible place and goes back at the return of an operation that it has not placed. It never
 * tries the same set of operations with the same state twice.
 *
 * @source Wing, Gong: Testing and verifying concurrent objects (1993); Lowe: Testing for linearizability (2017)
 */
import type { Pieces } from '../pieces.ts';
import type { Model, Operation } from './operation.ts';

/** `unknown`: the bound on steps or memory was reached first. */
export type Answer = 'linearizable' | 'violated' | 'unknown';

export interface SearchResult {
  readonly answer: Answer;
  readonly steps: number;
}

/** Limits of one search. */
export interface Limits {
  readonly mostSteps: number;
  /** Maximum number of remembered (operations, state) pairs. Each takes 100 bytes or more. */
  readonly mostStates: number;
  /** Maximum characters of all remembered pairs, at about one byte each. Default: MOST_CHARACTERS. */
  readonly mostCharacters?: number;
}

interface Moment<Input, Output> {
  readonly isCall: boolean;
  readonly at: number;
  readonly number: number;
  readonly operation: Operation<Input, Output>;
  previous: Moment<Input, Output> | null;
  next: Moment<Input, Output> | null;
  /** The return of a call; null when it is unknown, and for a return. */
  end: Moment<Input, Output> | null;
}

/** Search steps in one piece, which take some 2 ms. */
const STEPS_IN_A_PIECE = 512;
/** Characters remembered in one piece. A step costs more with long states or many pending operations. */
const CHARACTERS_IN_A_PIECE = 256 * 1024;
/** Default of `mostCharacters`. Pairs have different lengths, so their number alone does not bound the memory. */
const MOST_CHARACTERS = 256 * 1024 * 1024;

/**
 * Searches in pieces.
 *
 * @param operations  operations of one key, in any order
 */
export function* searching<Input, Output>(
  model: Model<Input, Output>,
  operations: readonly Operation<Input, Output>[],
  limits: Limits,
  from: string = model.initial,
): Pieces<SearchResult> {
  const head = chainOf(operations);
  const done = new DoneSet(operations.length);
  const seen = new Seen();
  const tried: { readonly call: Moment<Input, Output>; readonly state: string }[] = [];
  let state = from;
  let open = operations.filter(({ returned }) => returned !== null).length;
  let steps = 0;
  let moment = head.next;
  let pieceEnds = CHARACTERS_IN_A_PIECE;
  while (open > 0) {
    steps += 1;
    if (steps % STEPS_IN_A_PIECE === 0 || seen.characters > pieceEnds) {
      pieceEnds = seen.characters + CHARACTERS_IN_A_PIECE;
      yield;
    }
    if (steps > limits.mostSteps || seen.isFull(limits)) return { answer: 'unknown', steps };
    if (moment?.isCall === true) {
      const { operation, number } = moment;
      const next = model.step(state, operation.input, operation.returned?.output ?? null);
      if (next !== null && isNew(seen, done, number, next)) {
        tried.push({ call: moment, state });
        done.add(number);
        state = next;
        if (operation.returned !== null) open -= 1;
        lift(moment);
        moment = head.next;
      } else moment = moment.next;
      continue;
    }
    // Goes back at the return of an operation that is not placed, or when only operations without a return are left.
    const last = tried.pop();
    if (last === undefined) return { answer: 'violated', steps };
    done.remove(last.call.number);
    state = last.state;
    if (last.call.operation.returned !== null) open += 1;
    unlift(last.call);
    moment = last.call.next;
  }
  return { answer: 'linearizable', steps };
}

function isNew(seen: Seen, done: DoneSet, number: number, state: string): boolean {
  done.add(number);
  const key = `${done.text()} ${state}`;
  done.remove(number);
  return seen.add(key);
}

/** The pairs of operations and state that were tried. */
class Seen {
  readonly #keys = new Set<string>();
  characters = 0;

  /** @returns whether the pair is new */
  add(key: string): boolean {
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    this.characters += key.length;
    return true;
  }

  isFull({ mostStates, mostCharacters = MOST_CHARACTERS }: Limits): boolean {
    return this.#keys.size > mostStates || this.characters > mostCharacters;
  }
}

/** Calls and returns in the order of time. At equal times calls come first, so that the operations overlap. */
function chainOf<Input, Output>(operations: readonly Operation<Input, Output>[]): Moment<Input, Output> {
  const moments: Moment<Input, Output>[] = [];
  const inOrder = operations.toSorted((a, b) => a.invoked - b.invoked);
  for (const [number, operation] of inOrder.entries()) {
    const { returned, invoked } = operation;
    const end = returned === null ? null : momentOf(operation, number, false, returned.at, null);
    moments.push(momentOf(operation, number, true, invoked, end));
    if (end !== null) moments.push(end);
  }
  moments.sort((a, b) => a.at - b.at || Number(b.isCall) - Number(a.isCall) || a.number - b.number);
  const head = { isCall: true, at: 0, number: -1, previous: null, next: null, end: null } as unknown as Moment<
    Input,
    Output
  >;
  let last = head;
  for (const moment of moments) {
    last.next = moment;
    moment.previous = last;
    last = moment;
  }
  return head;
}

/** Creates all moments, two for each operation, with one object literal, which makes each half as large. */
function momentOf<Input, Output>(
  operation: Operation<Input, Output>,
  number: number,
  isCall: boolean,
  at: number,
  end: Moment<Input, Output> | null,
): Moment<Input, Output> {
  return { isCall, at, number, operation, previous: null, next: null, end };
}

function lift<Input, Output>(call: Moment<Input, Output>): void {
  for (const moment of [call, call.end]) {
    if (moment === null) continue;
    if (moment.previous !== null) moment.previous.next = moment.next;
    if (moment.next !== null) moment.next.previous = moment.previous;
  }
}

/** Inserts the moments again in the opposite order of `lift`, so that each finds its neighbours as it left them. */
function unlift<Input, Output>(call: Moment<Input, Output>): void {
  for (const moment of [call.end, call]) {
    if (moment === null) continue;
    if (moment.previous !== null) moment.previous.next = moment;
    if (moment.next !== null) moment.next.previous = moment;
  }
}

/** The placed operations. Their text is short: a number below which all are placed, and the placed ones above it. */
class DoneSet {
  readonly #done: Uint8Array;
  #low = 0;
  readonly #above = new Set<number>();

  constructor(size: number) {
    this.#done = new Uint8Array(size + 1);
  }

  add(number: number): void {
    this.#done[number] = 1;
    this.#above.add(number);
    while (this.#done[this.#low] === 1) {
      this.#above.delete(this.#low);
      this.#low += 1;
    }
  }

  remove(number: number): void {
    this.#done[number] = 0;
    this.#above.delete(number);
    while (this.#low > number) {
      this.#low -= 1;
      if (this.#low !== number) this.#above.add(this.#low);
    }
  }

  text(): string {
    return `${this.#low}:${[...this.#above].sort((a, b) => a - b).join(',')}`;
  }
}
