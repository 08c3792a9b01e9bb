/**
 * Helpers for a test that draws its cases anew in each run: the seed, the command that repeats it, and a judge for a
 * few cases at a time.
 */

/**
 * @param file  path from the repository's top
 * @returns RAFT_LAB_TEST_SEED, or a drawn seed, and the one command that repeats it
 */
export function drawnSeed(file: string): { readonly seed: number; readonly repeat: string } {
  const seed = Number(process.env.RAFT_LAB_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
  return { seed, repeat: `RAFT_LAB_TEST_SEED=${seed} npm test -- process ${file}` };
}

/**
 * Judges all items, a limited number at a time. Waits for all of them, even after a failure, then throws the first
 * failure.
 */
export async function eachAtOnce<Item>(
  items: readonly Item[],
  atOnce: number,
  judge: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (;;) {
      const [item] = waiting.splice(0, 1);
      if (item === undefined) return;
      await judge(item);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
