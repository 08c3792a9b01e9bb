/**
 * Makes a folder and its missing parents, for the lab, the window, the terminal and the servers. Node's own `recursive`
 * option loops forever where the system reports "no such folder" although the parent exists, as `/proc` does. Here the
 * system's error is passed on.
 */
import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A data folder is readable only by its owner. */
const PRIVATE = 0o700;

/** Makes a missing folder, mode 0700. Rejects with the file system's error. */
export async function makeFolder(folder: string): Promise<void> {
  const problem = await mkdir(folder, { mode: PRIVATE }).catch((error: NodeJS.ErrnoException) => error);
  if (!(problem instanceof Error)) return;
  const parent = dirname(folder);
  if (problem.code === 'ENOENT' && parent !== folder) {
    await makeFolder(parent);
    await mkdir(folder, { mode: PRIVATE }).catch((error) => passUnlessThere(error, folder));
  } else await passUnlessThere(problem, folder);
}

/** Makes a missing folder synchronously, mode 0700. @throws the file system's error */
export function makeFolderSync(folder: string): void {
  try {
    mkdirSync(folder, { mode: PRIVATE });
  } catch (problem) {
    const parent = dirname(folder);
    if (isThereSync(folder)) return;
    if ((problem as NodeJS.ErrnoException).code !== 'ENOENT' || parent === folder) throw problem;
    makeFolderSync(parent);
    try {
      mkdirSync(folder, { mode: PRIVATE });
    } catch (again) {
      // Another process may have made the folder since the first attempt.
      if (!isThereSync(folder)) throw again;
    }
  }
}

/**
 * Ignores the error when the folder exists. Systems report different codes for that: EEXIST, or EPERM or EROFS for a
 * root.
 */
async function passUnlessThere(problem: unknown, folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) throw problem;
}

function isThereSync(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
