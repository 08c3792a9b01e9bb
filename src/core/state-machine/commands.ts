/** The commands of the replicated key-value store and their results. Values are strings. */

/** A command of the store. */
export type Command =
  | { readonly op: 'get'; readonly key: string }
  | { readonly op: 'set'; readonly key: string; readonly value: string }
  | { readonly op: 'append'; readonly key: string; readonly value: string }
  | { readonly op: 'delete'; readonly key: string }
  /** Sets `value` only if the key now holds `expected` (null: only if it is absent). */
  | { readonly op: 'cas'; readonly key: string; readonly expected: string | null; readonly value: string };

/** `value` is what the key holds afterwards (null: absent); `swapped` only for cas; `previous` what it held before. */
export type CommandResult =
  | { readonly ok: true; readonly value: string | null; readonly previous: string | null; readonly swapped?: boolean }
  | { readonly ok: false; readonly reason: 'not-a-command' | 'value-too-long' | 'key-too-long' };

/** Longest value, in UTF-16 code units. */
export const MAX_VALUE_LENGTH = 65_536;
/** Longest key, in UTF-16 code units. */
export const MAX_KEY_LENGTH = 256;
