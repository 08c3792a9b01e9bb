/**
 * Deletes recordings. A folder is renamed out of the list before its files are removed, so a crash in between leaves no
 * half run that looks damaged; its remains are removed with the next deletion.
 */
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../program/atomic-file.ts';
import { whenFree } from '../program/held-files.ts';
import { type LockResult, lockRun } from './lock.ts';
import { isRunId } from './run-paths.ts';

/** Prefix of a folder that is being deleted; no run's name begins with it. */
const LEAVING = '.deleted-';

/** The result of a deletion; a refused lock when the run is open. */
export type Deleted = 'deleted' | 'unknown' | Extract<LockResult, { readonly ok: false }>;

/**
 * Deletes the folder of a run, or whatever else has a run's name: a damaged folder, a file, a link (not what it points to).
 * Rejects with the file system's error when it cannot be moved or removed.
 */
export async function deleteRun(dataFolder: string, runId: string): Promise<Deleted> {
  const moved = await moveAway(dataFolder, runId);
  if (moved === 'deleted') await removeMoved(join(dataFolder, 'runs'));
  return moved;
}

/** Deletes several runs. @returns the number deleted; runs that are open or missing are skipped */
export async function deleteRuns(dataFolder: string, runIds: readonly string[]): Promise<number> {
  let count = 0;
  for (const runId of runIds) if ((await moveAway(dataFolder, runId)) === 'deleted') count += 1;
  await removeMoved(join(dataFolder, 'runs'));
  return count;
}

/** Moves a run out of the list by one rename. */
async function moveAway(dataFolder: string, runId: string): Promise<Deleted> {
  if (!isRunId(runId)) return 'unknown';
  const runs = join(dataFolder, 'runs');
  const folder = join(runs, runId);
  const found = await lstat(folder).catch(() => null);
  if (found === null) return 'unknown';
  if (found.isDirectory()) {
    const lock = await lockRun(folder);
    if (!lock.ok) return lock;
    // The lock is released before the rename: Windows moves no folder that holds an open file.
    await lock.lock.release();
  }
  await whenFree(() => rename(folder, join(runs, `${LEAVING}${runId}`)));
  return 'deleted';
}

/** Removes folders that were moved away, now or by a lab that died. */
async function removeMoved(runs: string): Promise<void> {
  const names = await readdir(runs).catch(() => []);
  const leaving = names.filter((name) => name.startsWith(LEAVING));
  if (leaving.length === 0) return;
  await syncFolder(runs);
  for (const name of leaving) await rm(join(runs, name), { recursive: true, force: true, maxRetries: 3 });
}
