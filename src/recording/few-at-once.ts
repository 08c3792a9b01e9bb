/**
 * Reads many run folders, a few at a time. A process may open only a limited number of files (1,024 on many systems),
 * and a live cluster needs some of them. Between two reads the lab answers its servers.
 */
import { createPacer } from './slices.ts';

/** Number of folders read at once; each needs at most one descriptor. */
const AT_ONCE = 32;

/** Does the work for each item. Returns the results in the order of the items. Rejects with the first failure. */
export async function fewAtOnce<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = new Array(items.length);
  const pacer = createPacer();
  const remaining = items.entries();
  const worker = async (): Promise<void> => {
    for (const [at, item] of remaining) {
      results[at] = await work(item);
      await pacer.pause();
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  return results;
}
