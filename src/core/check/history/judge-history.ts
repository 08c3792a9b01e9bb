/**
 * Judges a whole history key by key, with one bound for all keys together. A violation is reduced to a small window of
 * operations that have no valid order.
 */
import { atOnce, type Pieces } from '../pieces.ts';
import { fittingLogOrder, type PlaceOf } from './log-order.ts';
import type { Model, Operation } from './operation.ts';
import { type Limits, searching } from './search.ts';

export interface HistoryVerdict {
  readonly verdict: 'valid' | 'violated' | 'unknown' | 'not-judged';
  /** Number of judged operations; reads without an answer are not among them. */
  readonly operations: number;
  readonly keys: number;
  readonly steps: number;
  /** The first key that is violated. */
  readonly violation: { readonly key: string; readonly window: readonly string[] } | null;
  /** Keys whose search was given up. */
  readonly unknownKeys: readonly string[];
  /** Number of keys dropped to keep the history small. They are unknown too; `unknownKeys` names the first ones. */
  readonly givenUp: number;
}

/** Limits that judge ten thousand operations over ten keys in seconds. */
export const USUAL_LIMITS: Limits = { mostSteps: 20_000_000, mostStates: 3_000_000 };

export function judgeHistory<Input, Output>(
  model: Model<Input, Output>,
  history: readonly Operation<Input, Output>[],
  limits: Limits = USUAL_LIMITS,
): HistoryVerdict {
  return atOnce(judgingHistory(model, history, { limits }));
}

/** `judgeHistory` in pieces. @param placeOf  places of operations in the log; that order is tried before any search */
export function* judgingHistory<Input, Output>(
  model: Model<Input, Output>,
  history: readonly Operation<Input, Output>[],
  { limits = USUAL_LIMITS, placeOf }: { readonly limits?: Limits; readonly placeOf?: PlaceOf<Input, Output> },
): Pieces<HistoryVerdict> {
  const counted = history.filter(({ input, returned }) => returned !== null || !model.isRead(input));
  const byKey = new Map<string, Operation<Input, Output>[]>();
  for (const operation of counted) {
    const others = byKey.get(operation.key);
    if (others === undefined) byKey.set(operation.key, [operation]);
    else others.push(operation);
  }
  const answered = counted.filter(({ returned }) => returned !== null).length;
  const unknownKeys: string[] = [];
  let violation: HistoryVerdict['violation'] = null;
  let steps = 0;
  let keysLeft = byKey.size;
  for (const [key, operations] of byKey) {
    yield;
    // Each key gets a fair share of the steps that are left, so one hard key does not cost the others their verdict.
    const left = { ...limits, mostSteps: Math.ceil((limits.mostSteps - steps) / keysLeft) };
    keysLeft -= 1;
    if (placeOf !== undefined && (yield* fittingLogOrder(model, operations, placeOf))) {
      steps += operations.length;
      continue;
    }
    const found = yield* searching(model, operations, left);
    steps += found.steps;
    if (found.answer === 'unknown') unknownKeys.push(key);
    if (found.answer !== 'violated') continue;
    const around = yield* windowOf(model, operations, limits);
    violation = { key, window: around.map((operation) => told(model, operation)) };
    break;
  }
  return {
    verdict: verdictOf(answered, violation !== null, unknownKeys.length),
    ...{ operations: counted.length, keys: byKey.size, steps, violation, unknownKeys, givenUp: 0 },
  };
}

/**
 * Returns the verdict on a history.
 *
 * @param answered  number of operations whose answer is known; without any there is nothing to judge
 * @param unknown  number of keys that could not be judged
 */
export function verdictOf(answered: number, isViolated: boolean, unknown: number): HistoryVerdict['verdict'] {
  if (isViolated) return 'violated';
  if (unknown > 0) return 'unknown';
  return answered === 0 ? 'not-judged' : 'valid';
}

/**
 * Returns a small window of operations that have no valid order. It is the shortest violated beginning of the history.
 * If the operations after a quiet moment are violated from every state that is possible there, the window leaves out
 * most operations before that moment.
 */
function* windowOf<Input, Output>(
  model: Model<Input, Output>,
  operations: readonly Operation<Input, Output>[],
  limits: Limits,
): Pieces<readonly Operation<Input, Output>[]> {
  const groups = groupsOf(yield* shortestBeginning(model, operations, limits));
  for (let quiet = groups.length - 1; quiet > 0; quiet -= 1) {
    const before = groups.slice(0, quiet);
    const after = groups.slice(quiet).flat();
    const states = yield* statesAfter(model, before);
    if (states === null) continue;
    let isImpossible = true;
    for (const state of states) {
      if (isImpossible) isImpossible = (yield* searching(model, after, limits, state)).answer === 'violated';
    }
    // The earlier operations belong to the proof, because the last writes show which states are possible.
    if (isImpossible) return [...before.flat().slice(-LEAD), ...after];
  }
  return groups.flat();
}

/** Number of operations before the quiet moment that a report shows. */
const LEAD = 3;
/** Maximum number of possible states at a quiet moment that are followed. */
const MOST_QUIET_STATES = 64;

/**
 * Returns the shortest beginning without a valid order. Bisection finds it, because a longer beginning has none either.
 */
function* shortestBeginning<Input, Output>(
  model: Model<Input, Output>,
  operations: readonly Operation<Input, Output>[],
  limits: Limits,
): Pieces<readonly Operation<Input, Output>[]> {
  const returns = operations.flatMap(({ returned }) => returned?.at ?? []).sort((a, b) => a - b);
  const until = (at: number): readonly Operation<Input, Output>[] =>
    operations
      .filter(({ invoked }) => invoked <= at)
      .map((operation) => ((operation.returned?.at ?? 0) > at ? { ...operation, returned: null } : operation))
      .filter(({ input, returned }) => returned !== null || !model.isRead(input));
  let low = 0;
  let high = returns.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = yield* searching(model, until(returns[middle] ?? 0), limits);
    if (found.answer === 'violated') high = middle;
    else low = middle + 1;
  }
  return until(returns[low] ?? 0);
}

/** Returns every state that is possible when all groups are over; null when the states cannot be enumerated. */
function* statesAfter<Input, Output>(
  model: Model<Input, Output>,
  groups: readonly (readonly Operation<Input, Output>[])[],
): Pieces<ReadonlySet<string> | null> {
  let states = new Set([model.initial]);
  for (const group of groups) {
    const next = new Set<string>();
    for (const state of states) {
      yield;
      for (const end of endsOf(model, group, state)) next.add(end);
    }
    if (next.size === 0 || next.size > MOST_QUIET_STATES) return null;
    states = next;
  }
  return states;
}

/** Groups of operations, in order. At the quiet moment between two groups no operation is pending. */
function groupsOf<Input, Output>(
  operations: readonly Operation<Input, Output>[],
): readonly (readonly Operation<Input, Output>[])[] {
  const groups: Operation<Input, Output>[][] = [];
  let busyUntil = Number.NEGATIVE_INFINITY;
  for (const operation of operations.toSorted((a, b) => a.invoked - b.invoked)) {
    if (operation.invoked > busyUntil) groups.push([]);
    groups.at(-1)?.push(operation);
    busyUntil = Math.max(busyUntil, operation.returned?.at ?? Number.POSITIVE_INFINITY);
  }
  return groups;
}

/** Maximum size of a group whose orders are tried; larger groups have too many orders for one piece. */
const MOST_IN_GROUP = 7;

/** Returns the states in which one group can end, by trying every order that its times allow. */
function endsOf<Input, Output>(
  model: Model<Input, Output>,
  group: readonly Operation<Input, Output>[],
  from: string,
): readonly string[] {
  if (group.length > MOST_IN_GROUP) return [];
  const ends = new Set<string>();
  const go = (left: readonly Operation<Input, Output>[], state: string): void => {
    if (left.length === 0) ends.add(state);
    const firstReturn = Math.min(...left.map(({ returned }) => returned?.at ?? Number.POSITIVE_INFINITY));
    for (const operation of left) {
      if (operation.invoked > firstReturn) continue;
      const next = model.step(state, operation.input, operation.returned?.output ?? null);
      if (next !== null)
        go(
          left.filter((other) => other !== operation),
          next,
        );
    }
  };
  go(group, from);
  return [...ends];
}

/** An operation as text in a report: its name, client, times, input and output. */
export function told<Input, Output>(model: Model<Input, Output>, operation: Operation<Input, Output>): string {
  const { name, client, invoked, returned, input } = operation;
  const span = `${invoked}…${returned === null ? '' : returned.at}`;
  return `${name}: client ${client}, ${span}: ${model.describe(input, returned === null ? null : returned.output)}`;
}
