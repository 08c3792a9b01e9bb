/**
 * Deletes a recording. It is moved out of the list by one rename before its files go, so that a crash on the way leaves no half
 * of a run that looks like a damaged one; what such a crash left is removed with the next deletion.
 */
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../program/atomic-file.ts';
import { whenFree } from '../program/held-files.ts';
import { type LockResult, lockRun } from './lock.ts';
import { isRunId } from './run-paths.ts';

/** Begins the name of what is being deleted; no run's name begins with it. */
const LEAVING = '.deleted-';

/** Gone, not there, or held by somebody. */
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

/** Deletes several. @returns how many are gone: one that somebody has open, or that is not there, is passed over */
export async function deleteRuns(dataFolder: string, runIds: readonly string[]): Promise<number> {
  let count = 0;
  for (const runId of runIds) if ((await moveAway(dataFolder, runId)) === 'deleted') count += 1;
  await removeMoved(join(dataFolder, 'runs'));
  return count;
}

/** Out of the list, by one rename. */
async function moveAway(dataFolder: string, runId: string): Promise<Deleted> {
  if (!isRunId(runId)) return 'unknown';
  const runs = join(dataFolder, 'runs');
  const folder = join(runs, runId);
  const found = await lstat(folder).catch(() => null);
  if (found === null) return 'unknown';
  if (found.isDirectory()) {
    const lock = await lockRun(folder);
    if (!lock.ok) return lock;
    // Before the rename: Windows moves no folder that holds an open file.
    await lock.lock.release();
  }
  await whenFree(() => rename(folder, join(runs, `${LEAVING}${runId}`)));
  return 'deleted';
}

/** Folders that were moved away, now or by a lab that died meanwhile. */
async function removeMoved(runs: string): Promise<void> {
  const names = await readdir(runs).catch(() => []);
  const leaving = names.filter((name) => name.startsWith(LEAVING));
  if (leaving.length === 0) return;
  await syncFolder(runs);
  for (const name of leaving) await rm(join(runs, name), { recursive: true, force: true, maxRetries: 3 });
}
