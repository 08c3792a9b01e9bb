/**
 * Runs whose lab died while it made them. Nothing was recorded and no server wrote anything, so there is nothing to
 * open, to continue or to lose. The list marks them, and the next new run removes them. Flow: list, new run → here.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { deleteRun } from './delete-run.ts';
import { fewAtOnce } from './few-at-once.ts';
import { MANIFEST_FILE, readManifest } from './manifest.ts';
import { isRunId, runPaths } from './run-paths.ts';

/** The files of a new run folder before the first event. */
const BEFORE_THE_FIRST_EVENT =
  /^(?:manifest\.json(?:\.[0-9a-f]{8}\.tmp)?|lock|servers|network|events\.jsonl|events\.index)$/;

/**
 * Whether a lab died while it made the run in this folder. A run that a person named or annotated never counts. The
 * caller ensures that no lab has the run open. Never rejects: an unreadable folder is no such run.
 */
export async function isUnfinished(folder: string): Promise<boolean> {
  try {
    const recorded = await stat(runPaths(folder).events).catch(() => null);
    // Checked first, because it decides for nearly every run.
    if (recorded !== null && (recorded.size > 0 || !recorded.isFile())) return false;
    if (!(await readdir(folder)).every((name) => BEFORE_THE_FIRST_EVENT.test(name))) return false;
    return (
      (await hasNoFiles(runPaths(folder).servers)) &&
      (await hasNoFiles(join(folder, 'network'))) &&
      (await isBlank(folder))
    );
  } catch {
    return false;
  }
}

/**
 * Deletes unfinished runs. The caller holds the lock of the data folder, so no other lab makes a run in it. Undeletable
 * folders stay.
 */
export async function removeUnfinished(dataFolder: string): Promise<void> {
  const runs = join(dataFolder, 'runs');
  const names = (await readdir(runs).catch(() => [])).filter(isRunId);
  const left = await fewAtOnce(names, async (name) => await isUnfinished(join(runs, name)));
  for (const runId of names.filter((_, at) => left[at] === true)) {
    // Refuses a run that is open, as any deletion does.
    await deleteRun(dataFolder, runId).catch(() => undefined);
  }
}

/** Whether a folder of folders holds no file in any of them, or does not exist. */
async function hasNoFiles(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const entry of entries) {
    if (!entry.isDirectory() || (await readdir(join(folder, entry.name))).length > 0) return false;
  }
  return true;
}

/** Whether the manifest is missing, incomplete, or without a person's words. */
async function isBlank(folder: string): Promise<boolean> {
  const read = await readManifest(folder);
  if (read.ok) return read.manifest.title === undefined && read.manifest.note === undefined;
  const found = await stat(join(folder, MANIFEST_FILE)).catch(() => null);
  return found === null || (found.isFile() && read.isHalf === true);
}
