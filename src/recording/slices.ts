/**
 * Long work in short slices: between two of them the lab answers its servers. Nothing in the lab may hold its
 * thread for more than 16 ms, and two such works may share a turn.
 */

/** A slice is over after this long. */
const SLICE_MS = 8;

/** Lets everything that waits for the thread have its turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/**
 * For a loop that sometimes works and sometimes only looks: `pause` costs nothing while the slice lasts, and a turn
 * once it is over.
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

/** Runs work that comes in pieces, a slice at a time. @throws the signal's reason when it is called off */
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

/** Begins a slice. Returns whether it is over: to be asked between pieces far shorter than a slice. */
export function beginSlice(): () => boolean {
  const end = performance.now() + SLICE_MS;
  return () => performance.now() >= end;
}
