/**
 * The order of the committed log as a witness: when it fits the times and answers of a key's operations, the key is
 * linearizable, and nobody has to search. It proves nothing when it does not fit: what the trace tells of the log may have
 * gaps. Costs one sort and one pass over the operations, in pieces.
 */
import { type Pieces, sortingBy } from '../pieces.ts';
import type { Model, Operation } from './operation.ts';

/** Place of an operation in the log; null: it is not known to have one. */
export type PlaceOf<Input, Output> = (operation: Operation<Input, Output>) => number | null;

/** Operations that are looked at in one piece. */
const OPERATIONS_IN_A_PIECE = 512;

/**
 * Whether the operations fit the order of the log.
 *
 * @param from  state and time from which they take effect; an operation without an answer may have none
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
