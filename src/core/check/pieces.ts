/**
 * Long work in pieces: a generator that yields after each piece. A caller without other work runs all pieces at once.
 * The lab must answer servers, so it does its other work between the pieces.
 */

/** Yields where the work may be interrupted. */
export type Pieces<Result> = Generator<undefined, Result, undefined>;

/** Runs all pieces at once. */
export function atOnce<Result>(pieces: Pieces<Result>): Result {
  let piece = pieces.next();
  while (piece.done !== true) piece = pieces.next();
  return piece.value;
}

/** Number of items that are sorted or merged in one piece. */
const SORTED_IN_A_PIECE = 1_024;

/** Sorts by a number, ascending; items of equal numbers keep their order. */
export function* sortingBy<Item>(items: readonly Item[], numberOf: (item: Item) => number): Pieces<readonly Item[]> {
  let runs: Item[][] = [];
  for (let at = 0; at < items.length; at += SORTED_IN_A_PIECE) {
    runs.push(items.slice(at, at + SORTED_IN_A_PIECE).sort((a, b) => numberOf(a) - numberOf(b)));
    yield;
  }
  while (runs.length > 1) {
    const longer: Item[][] = [];
    for (let at = 0; at < runs.length; at += 2) {
      longer.push(yield* merging(runs[at] ?? [], runs[at + 1] ?? [], numberOf));
    }
    runs = longer;
  }
  return runs[0] ?? [];
}

/** Merges two sorted lists. Among equal numbers, the items of the first list come first. */
function* merging<Item>(first: Item[], second: Item[], numberOf: (item: Item) => number): Pieces<Item[]> {
  const merged: Item[] = [];
  let [one, other] = [0, 0];
  while (one < first.length || other < second.length) {
    if (merged.length % SORTED_IN_A_PIECE === 0) yield;
    const [a, b] = [first[one], second[other]];
    const isFirst = other >= second.length || (one < first.length && numberOf(a as Item) <= numberOf(b as Item));
    merged.push((isFirst ? a : b) as Item);
    if (isFirst) one += 1;
    else other += 1;
  }
  return merged;
}
