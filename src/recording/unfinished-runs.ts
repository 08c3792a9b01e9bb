/**
 * Finds and removes runs whose lab died while it made them. Such a run has no events and no server files, so it cannot
 * be opened or continued, and nothing is lost with it. The list marks these runs, and the next new run removes them.
 * Flow: list, new run → here.
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
 * Whether a lab died while it made the run in this folder. A run with a title or a note never counts. The caller
 * ensures that no lab has the run open. Never rejects; returns false for an unreadable folder.
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
 * Deletes unfinished runs. The caller holds the lock of the data folder, so no other lab makes a run in it. A folder
 * that cannot be deleted stays.
 */
export async function removeUnfinished(dataFolder: string): Promise<void> {
  const runs = join(dataFolder, 'runs');
  const names = (await readdir(runs).catch(() => [])).filter(isRunId);
  const left = await fewAtOnce(names, async (name) => await isUnfinished(join(runs, name)));
  for (const runId of names.filter((_, at) => left[at] === true)) {
    // `deleteRun` refuses a run that is open.
    await deleteRun(dataFolder, runId).catch(() => undefined);
  }
}

/** Whether the folder is missing, or holds only empty folders. */
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

/** Whether the manifest is missing or incomplete, or has neither title nor note. */
async function isBlank(folder: string): Promise<boolean> {
  const read = await readManifest(folder);
  if (read.ok) return read.manifest.title === undefined && read.manifest.note === undefined;
  const found = await stat(join(folder, MANIFEST_FILE)).catch(() => null);
  return found === null || (found.isFile() && read.isHalf === true);
}
