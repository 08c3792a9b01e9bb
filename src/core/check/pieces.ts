/**
 * Long work in pieces: a generator that yields after each. Who cannot wait runs it through at once; who has other work to do
 * (a lab with servers to answer) does that in between.
 */

/** Yields where the work may be interrupted. */
export type Pieces<Result> = Generator<undefined, Result, undefined>;

/** Runs it through at once. */
export function atOnce<Result>(pieces: Pieces<Result>): Result {
  let piece = pieces.next();
  while (piece.done !== true) piece = pieces.next();
  return piece.value;
}
