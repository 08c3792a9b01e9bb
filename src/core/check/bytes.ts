/**
 * Estimates the memory that judges keep by counting: a fixed number of bytes for each fact, and two for each UTF-16
 * unit of its text. The constants are the sizes in V8 on 64 bits, rounded up; docs/checkers.md compares the estimate
 * with a real heap.
 */

/** Size of a record with a handful of fields. */
export const RECORD_BYTES = 72;
/** Size of a key's place in a map and in the order of its keys. */
export const MAP_ENTRY_BYTES = 56;
/** Size of a string of up to 16 one-byte characters: a chain, an operation's name, a composed key. */
export const NAME_BYTES = 32;
/** Size of a reference to an event that proves something; its names are shared with other references. */
export const PROOF_BYTES = 72;

/** Bytes of a fact in a map: its map entry, records, proofs and names. */
export function factBytes(parts: {
  readonly proofs?: number;
  readonly names?: number;
  readonly records?: number;
}): number {
  const { proofs = 0, names = 0, records = 1 } = parts;
  return MAP_ENTRY_BYTES + records * RECORD_BYTES + proofs * PROOF_BYTES + names * NAME_BYTES;
}

/** Bytes of a text: a header, and two for each UTF-16 unit. */
export function textBytes(units: number): number {
  return 24 + 2 * units;
}
