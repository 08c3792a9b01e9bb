/**
 * The order of the committed log as a witness. If it fits the times and answers of a key's operations, the key is
 * linearizable and no search is needed. If it does not fit, that proves nothing, because the trace may not show the
 * whole log. Costs one sort and one pass over the operations, in pieces.
 */
import { type Pieces, sortingBy } from '../pieces.ts';
import type { Model, Operation } from './operation.ts';

/** Place of an operation in the log; null when it is not known. */
export type PlaceOf<Input, Output> = (operation: Operation<Input, Output>) => number | null;

/** Number of operations in one piece. */
const OPERATIONS_IN_A_PIECE = 512;

/**
 * Whether the operations fit the order of the log. Only an operation without an answer may have no place.
 *
 * @param from  the state and time after which the operations take effect
 */
export function* fittingLogOrder<Input, Output>(
  model: Model<Input, Output>,
  operations: readonly Operation<Input, Output>[],
  placeOf: PlaceOf<Input, Output>,
  from: { readonly state: string; readonly us: number } = { state: model.initial, us: Number.NEGATIVE_INFINITY },
): Pieces<boolean> {
  const placed: { readonly place: number; readonly operation: Operation<Input, Output> }[] = [];
  let seen = 0;
  for (const operation of operations) {
    seen += 1;
    if (seen % OPERATIONS_IN_A_PIECE === 0) yield;
    const { returned } = operation;
    const place = placeOf(operation);
    if (place !== null) placed.push({ place, operation });
    if (returned !== null && (place === null || returned.at <= from.us)) return false;
  }
  let { state } = from;
  let latestCall = Number.NEGATIVE_INFINITY;
  for (const { operation } of yield* sortingBy(placed, ({ place }) => place)) {
    seen += 1;
    if (seen % OPERATIONS_IN_A_PIECE === 0) yield;
    const { input, invoked, returned } = operation;
    if (returned !== null && returned.at < latestCall) return false;
    latestCall = Math.max(latestCall, invoked);
    const next = model.step(state, input, returned?.output ?? null);
    if (next === null) return false;
    state = next;
  }
  return true;
}
