/**
 * The memory that judges keep, counted and not measured: a fixed number of bytes for each fact, and two for each unit of
 * its text. The constants are those of V8 on 64 bits, rounded up; docs/checkers.md compares the count with a real heap.
 */

/** A record with a handful of fields. */
export const RECORD_BYTES = 72;
/** A key's place in a map and in the order of its keys. */
export const MAP_ENTRY_BYTES = 56;
/** A string of up to 16 one-byte characters: a chain, an operation's name, a composed key. */
export const NAME_BYTES = 32;
/** The place of an event that proves something, its names shared with others. */
export const PROOF_BYTES = 72;

/** Of a fact in a map: record, place and names. */
export function factBytes(parts: {
  readonly proofs?: number;
  readonly names?: number;
  readonly records?: number;
}): number {
  const { proofs = 0, names = 0, records = 1 } = parts;
  return MAP_ENTRY_BYTES + records * RECORD_BYTES + proofs * PROOF_BYTES + names * NAME_BYTES;
}

/** Of a text: two bytes a unit, and its header. */
export function textBytes(units: number): number {
  return 24 + 2 * units;
}
