/**
 * Long work in short slices: between two of them the lab answers its servers. Nothing in the lab may hold its
 * thread for more than 16 ms.
 */

/** Lets everything that waits for the thread have its turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
