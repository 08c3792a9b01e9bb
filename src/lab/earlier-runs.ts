/**
 * Moves recordings of earlier versions into the data folder. Each is moved by one rename, so that at every moment it is
 * complete in one place. Recordings that cannot be moved stay in place and are named to the person once. Flow: a door,
 * before it makes its lab → here → sentences for the person.
 */
import { appendFile, lstat, readdir, readFile, realpath, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../program/atomic-file.ts';
import { makeFolder } from '../program/make-folder.ts';
import { lockDataFolder, lockHolder } from '../recording/lock.ts';
import { isRunId, runPaths } from '../recording/run-folder.ts';
import type { DataFolders } from './data-folder.ts';

/** The result of moving the recordings of one earlier folder. */
export interface EarlierRuns {
  readonly from: string;
  /** Folder to which recordings were moved. */
  readonly to: string;
  readonly moved: number;
  /**
   * Number of recordings that stay in `from`, because it is on another disk, permission is missing, or the name is
   * taken.
   */
  readonly left: number;
}

/** The two sentences, with `{{count}}`, `{{from}}` and `{{to}}`. */
export interface EarlierRunsWords {
  readonly moved: string;
  readonly left: string;
}

/** File with the folders whose recordings could not be moved, so that each is reported to the person only once. */
const NAMED_FILE = 'earlier-recordings.txt';

/** Moves recordings. Never rejects, because files of an earlier version must not keep this version from starting. */
export async function bringEarlierRuns({ folder, earlier }: DataFolders): Promise<readonly EarlierRuns[]> {
  const brought: EarlierRuns[] = [];
  for (const from of earlier) {
    const one = await bringFrom(from, folder).catch(() => null);
    if (one === null) continue;
    const isNews = one.moved > 0 || (one.left > 0 && !(await wasNamed(folder, from)));
    if (one.left > 0 && isNews) await noteNamed(folder, from);
    if (isNews) brought.push(one);
  }
  return brought;
}

/** Returns the sentences for the person, one for each kind of result and folder. */
export function earlierRunsSentences(brought: readonly EarlierRuns[], words: EarlierRunsWords): readonly string[] {
  return brought.flatMap(({ from, to, moved, left }) => {
    const fill = (sentence: string, count: number): string =>
      sentence.replace(/\{\{(\w+)\}\}/g, (_whole, name) => String({ count, from, to }[name as 'from']));
    return [...(moved > 0 ? [fill(words.moved, moved)] : []), ...(left > 0 ? [fill(words.left, left)] : [])];
  });
}

async function bringFrom(from: string, dataFolder: string): Promise<EarlierRuns | null> {
  const source = join(from, 'runs');
  const names = (await readdir(source)).filter(isRunId);
  if (names.length === 0) return null;
  const to = join(dataFolder, 'runs');
  await makeFolder(to);
  // Both names lead to the same folder, through a link that the person made.
  if ((await realpath(source)) === (await realpath(to))) return null;
  const nothing = { from, to, moved: 0, left: names.length };
  const lock = await lockDataFolder(from).catch(() => null);
  if (lock === null) return nothing;
  // An earlier version is running in that folder. The next start tries again.
  if (!lock.ok) return null;
  try {
    let moved = 0;
    for (const name of names) if (await move(join(source, name), join(to, name))) moved += 1;
    await syncFolder(to);
    await syncFolder(source);
    // rmdir fails while files are left; the folder then stays.
    await rmdir(source).catch(() => undefined);
    return { from, to, moved, left: names.length - moved };
  } catch {
    return nothing;
  } finally {
    await lock.lock.release();
  }
}

async function move(from: string, to: string): Promise<boolean> {
  try {
    if ((await lockHolder(runPaths(from).lock)) !== null || (await isThere(to))) return false;
    await rename(from, to);
    return true;
  } catch {
    return false;
  }
}

/** Whether anything exists at this path. A rename would replace an empty folder. */
async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function wasNamed(folder: string, from: string): Promise<boolean> {
  const text = await readFile(join(folder, NAMED_FILE), 'utf8').catch(() => '');
  return text.split('\n').includes(from);
}

async function noteNamed(folder: string, from: string): Promise<void> {
  await makeFolder(folder).catch(() => undefined);
  // If the file cannot be written, the message appears again at the next start.
  await appendFile(join(folder, NAMED_FILE), `${from}\n`, { mode: 0o600 }).catch(() => undefined);
}
