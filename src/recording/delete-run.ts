/**
 * Deletes recordings. A folder is renamed before its files are removed, so a crash in between leaves no damaged run in
 * the list. The next deletion removes the renamed folder.
 */
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../program/atomic-file.ts';
import { whenFree } from '../program/held-files.ts';
import { type LockResult, lockRun } from './lock.ts';
import { isRunId } from './run-paths.ts';

/** Prefix of a folder that is being deleted. No run id begins with it. */
const LEAVING = '.deleted-';

/** The result of a deletion. A run that is open is not deleted: the result is then the refused lock. */
export type Deleted = 'deleted' | 'unknown' | Extract<LockResult, { readonly ok: false }>;

/**
 * Deletes the folder of a run. It also deletes anything else that has a run id as its name: a damaged folder, a file,
 * or a link (without its target). Rejects with the file system's error when the entry cannot be moved or removed.
 */
export async function deleteRun(dataFolder: string, runId: string): Promise<Deleted> {
  const moved = await moveAway(dataFolder, runId);
  if (moved === 'deleted') await removeMoved(join(dataFolder, 'runs'));
  return moved;
}

/** Deletes several runs. @returns the number of deleted runs; runs that are open or missing are skipped */
export async function deleteRuns(dataFolder: string, runIds: readonly string[]): Promise<number> {
  let count = 0;
  for (const runId of runIds) if ((await moveAway(dataFolder, runId)) === 'deleted') count += 1;
  await removeMoved(join(dataFolder, 'runs'));
  return count;
}

/** Takes a run out of the list by renaming its folder. */
async function moveAway(dataFolder: string, runId: string): Promise<Deleted> {
  if (!isRunId(runId)) return 'unknown';
  const runs = join(dataFolder, 'runs');
  const folder = join(runs, runId);
  const found = await lstat(folder).catch(() => null);
  if (found === null) return 'unknown';
  if (found.isDirectory()) {
    const lock = await lockRun(folder);
    if (!lock.ok) return lock;
    // Release the lock before the rename, because Windows moves no folder that holds an open file.
    await lock.lock.release();
  }
  await whenFree(() => rename(folder, join(runs, `${LEAVING}${runId}`)));
  return 'deleted';
}

/** Removes all renamed folders, including those that a crashed lab left. */
async function removeMoved(runs: string): Promise<void> {
  const names = await readdir(runs).catch(() => []);
  const leaving = names.filter((name) => name.startsWith(LEAVING));
  if (leaving.length === 0) return;
  await syncFolder(runs);
  for (const name of leaving) await rm(join(runs, name), { recursive: true, force: true, maxRetries: 3 });
}
