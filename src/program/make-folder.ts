/**
 * Makes a folder with those above it, for the lab, its doors and its programs. Node's own `recursive` never ends where the system says "no such folder" although the
 * folder above is there, as `/proc` does; here the system's answer is passed on.
 */
import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A data folder is its owner's alone. */
const PRIVATE = 0o700;

/** Makes it when it is missing, mode 0700. Rejects with the file system's error. */
export async function makeFolder(folder: string): Promise<void> {
  const problem = await mkdir(folder, { mode: PRIVATE }).catch((error: NodeJS.ErrnoException) => error);
  if (!(problem instanceof Error)) return;
  const parent = dirname(folder);
  if (problem.code === 'ENOENT' && parent !== folder) {
    await makeFolder(parent);
    await mkdir(folder, { mode: PRIVATE }).catch((error) => passUnlessThere(error, folder));
  } else await passUnlessThere(problem, folder);
}

/** The same at once. @throws the file system's error */
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
      // Somebody else may have made it meanwhile.
      if (!isThereSync(folder)) throw again;
    }
  }
}

/** Which error a system gives for a folder that is there differs: EEXIST, or EPERM or EROFS for a root. */
async function passUnlessThere(problem: unknown, folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) throw problem;
}

function isThereSync(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
