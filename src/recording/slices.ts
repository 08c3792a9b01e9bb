/**
 * Divides long work into short slices, so that the lab can answer its servers between them. No work in the lab may hold
 * the thread for more than 16 ms, and two works in slices may share one turn of the event loop.
 */

/** Length of a slice, milliseconds. */
const SLICE_MS = 8;

/** Resolves after everything that waits for the thread has had its turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/**
 * Creates a pacer for a loop whose steps may take long or not. `pause` returns undefined during a slice, and waits a
 * turn of the event loop once the slice is over.
 */
export function createPacer(): { pause(): Promise<void> | undefined } {
  let isOver = beginSlice();
  return {
    pause: () => {
      if (!isOver()) return undefined;
      return nextTurn().then(() => {
        isOver = beginSlice();
      });
    },
  };
}

/** Runs work that a generator divides into pieces, in slices. @throws the signal's reason when it is aborted */
export async function inSlices<Result>(
  pieces: Generator<undefined, Result, undefined>,
  signal?: AbortSignal,
): Promise<Result> {
  const pacer = createPacer();
  for (;;) {
    const piece = pieces.next();
    if (piece.done === true) return piece.value;
    await pacer.pause();
    signal?.throwIfAborted();
  }
}

/**
 * Starts a slice. Returns a function that returns whether the slice is over. Call it between pieces that are far
 * shorter than a slice.
 */
export function beginSlice(): () => boolean {
  const end = performance.now() + SLICE_MS;
  return () => performance.now() >= end;
}
