/**
 * The order of the committed log as a witness: when it fits the times and answers of a key's operations, the key is
 * linearizable, and nobody has to search. It proves nothing when it does not fit: what the trace tells of the log may have
 * gaps. Costs one pass over the operations.
 */
import type { Model, Operation } from './operation.ts';

/** Place of an operation in the log; null: it is not known to have one. */
export type PlaceOf<Input, Output> = (operation: Operation<Input, Output>) => number | null;

/**
 * Whether the operations fit the order of the log.
 *
 * @param from  state and time from which they take effect; an operation without an answer may have none
 */
export function fitsLogOrder<Input, Output>(
  model: Model<Input, Output>,
  operations: readonly Operation<Input, Output>[],
  placeOf: PlaceOf<Input, Output>,
  from: { readonly state: string; readonly us: number } = { state: model.initial, us: Number.NEGATIVE_INFINITY },
): boolean {
  const placed: { readonly place: number; readonly operation: Operation<Input, Output> }[] = [];
  for (const operation of operations) {
    const { returned } = operation;
    const place = placeOf(operation);
    if (place !== null) placed.push({ place, operation });
    if (returned !== null && (place === null || returned.at <= from.us)) return false;
  }
  placed.sort((a, b) => a.place - b.place);
  let { state } = from;
  let latestCall = Number.NEGATIVE_INFINITY;
  for (const { operation } of placed) {
    const { input, invoked, returned } = operation;
    if (returned !== null && returned.at < latestCall) return false;
    latestCall = Math.max(latestCall, invoked);
    const next = model.step(state, input, returned?.output ?? null);
    if (next === null) return false;
    state = next;
  }
  return true;
}
