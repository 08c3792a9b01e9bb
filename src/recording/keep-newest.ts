/**
 * Chooses the recordings to delete when only the newest are kept. Some runs are always kept and do not count among the
 * newest: open ones, unreadable ones, and those with a title or a note. Flow: list → here → delete-run.ts.
 */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunSummary } from '../core/lab-api/api.ts';
import { fewAtOnce } from './few-at-once.ts';

/**
 * Returns the ids of the runs to delete, newest first.
 *
 * @param open  id of the run that this lab has open; null when none is open
 */
export function beyondNewest(
  runs: readonly RunSummary[],
  { newest, open }: { readonly newest: number; readonly open: string | null },
): readonly string[] {
  return runs
    .filter(
      ({ ok, verdict, live, title, note, runId }) =>
        ok && verdict !== 'damaged' && !live && title === '' && note === '' && runId !== open,
    )
    .slice(newest)
    .map(({ runId }) => runId);
}

/** Returns the bytes of all files of these runs. Unreadable files count as 0. */
export async function bytesOf(dataFolder: string, runIds: readonly string[]): Promise<number> {
  const sizes = await fewAtOnce(runIds, async (runId) => await bytesIn(join(dataFolder, 'runs', runId)));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

async function bytesIn(path: string): Promise<number> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return 0;
  if (!found.isDirectory()) return found.isFile() ? found.size : 0;
  let bytes = 0;
  for (const name of await readdir(path).catch(() => [])) bytes += await bytesIn(join(path, name));
  return bytes;
}
