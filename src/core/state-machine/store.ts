/**
 * The commands of the key-value store: each returns the new store and the result. Pure; a refused command does not
 * change the store.
 */
import { type Command, type CommandResult, MAX_KEY_LENGTH, MAX_VALUE_LENGTH } from '../vocabulary/index.ts';
import { getItem, removeItem, type SortedMap, setItem } from './sorted-map.ts';

/** Keys and their values. */
export type Store = SortedMap<string, string>;

/** The store after a command, and the command's result. */
export interface Executed {
  readonly store: Store;
  readonly result: CommandResult;
}

/** Runs one command. A key or value longer than its limit is refused with a reason. */
export function execute(store: Store, command: Command): Executed {
  const { key } = command;
  if (key.length > MAX_KEY_LENGTH) {
    return { store, result: { ok: false, reason: 'key-too-long' } };
  }
  const previous = getItem(store, key) ?? null;
  switch (command.op) {
    case 'get':
      return { store, result: { ok: true, value: previous, previous } };
    case 'set':
      return write(store, { key, value: command.value, previous });
    case 'append':
      return write(store, { key, value: (previous ?? '') + command.value, previous });
    case 'delete':
      return { store: removeItem(store, key), result: { ok: true, value: null, previous } };
    case 'cas':
      return compareAndSet(store, command, previous);
  }
}

function write(
  store: Store,
  change: { readonly key: string; readonly value: string; readonly previous: string | null },
): Executed {
  const { key, value, previous } = change;
  return value.length > MAX_VALUE_LENGTH
    ? { store, result: { ok: false, reason: 'value-too-long' } }
    : { store: setItem(store, key, value), result: { ok: true, value, previous } };
}

function compareAndSet(store: Store, command: Extract<Command, { op: 'cas' }>, previous: string | null): Executed {
  const { key, value, expected } = command;
  if (value.length > MAX_VALUE_LENGTH) {
    return { store, result: { ok: false, reason: 'value-too-long' } };
  }
  return previous === expected
    ? { store: setItem(store, key, value), result: { ok: true, value, previous, swapped: true } }
    : { store, result: { ok: true, value: previous, previous, swapped: false } };
}
