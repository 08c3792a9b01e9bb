/** What a folder is good for, found out by trying: for `raft-lab doctor` and for the window's diagnostic report. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const FSYNCS = 21;

/** Makes the folder and something inside it. @returns the system's sentence when that fails, null when it works */
export async function writeProblem(folder: string): Promise<string | null> {
  try {
    // Where nothing can be made, Linux' /proc say, Node's recursive mkdir never ends: the parent is tried first.
    await rm(await mkdtemp(join(existingParent(folder), '.doctor-')), { recursive: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const inside = await mkdtemp(join(folder, '.doctor-'));
    await rm(inside, { recursive: true });
    return null;
  } catch (problem) {
    return (problem as Error).message;
  }
}

/** Bytes that are free on the folder's disk. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(existingParent(folder));
  return bavail * bsize;
}

/** Median of some fsyncs of a short line on the folder's disk, in milliseconds. */
export async function fsyncMedianMs(folder: string): Promise<number> {
  const inside = await mkdtemp(join(existingParent(folder), '.doctor-'));
  const times: number[] = [];
  try {
    const file = await open(join(inside, 'log'), 'a');
    for (let at = 0; at < FSYNCS; at += 1) {
      const began = performance.now();
      await file.write('x'.repeat(200));
      await file.sync();
      times.push(performance.now() - began);
    }
    await file.close();
  } finally {
    await rm(inside, { recursive: true, force: true });
  }
  return times.sort((a, b) => a - b)[Math.floor(FSYNCS / 2)] ?? 0;
}

/** The folder, or the nearest one above it that is there; the root of a drive that is missing, on Windows. */
export function existingParent(folder: string): string {
  const parent = dirname(folder);
  return parent === folder || existsSync(folder) ? folder : existingParent(parent);
}
