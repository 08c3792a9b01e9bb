/** Properties of a folder, measured by using it, for `raft-lab doctor` and the window's diagnostic report. */
import { existsSync } from 'node:fs';
import { mkdtemp, open, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../program/make-folder.ts';
import { freeBytes as freeBytesOf } from '../recording/free-space.ts';

const FSYNCS = 21;

/** Kinds of file system by the number that Linux gives them, and whether a flush on them reaches the disk. */
const KINDS: ReadonlyMap<number, { readonly name: string; readonly isSound: boolean }> = new Map([
  [0xef53, { name: 'ext', isSound: true }],
  [0x58465342, { name: 'XFS', isSound: true }],
  [0x9123683e, { name: 'Btrfs', isSound: true }],
  [0x2fc12fc1, { name: 'ZFS', isSound: true }],
  [0xf2f52010, { name: 'F2FS', isSound: true }],
  [0x794c7630, { name: 'overlay', isSound: true }],
  [0x01021994, { name: 'tmpfs', isSound: false }],
  [0x6969, { name: 'NFS', isSound: false }],
  [0xff534d42, { name: 'CIFS', isSound: false }],
  [0xfe534d42, { name: 'SMB', isSound: false }],
  [0x01021997, { name: '9p', isSound: false }],
  [0x65735546, { name: 'FUSE', isSound: false }],
]);

/**
 * Tests a folder by making it and a file inside it.
 *
 * @returns the system's message when that fails, null when it works
 */
export async function writeProblem(folder: string): Promise<string | null> {
  try {
    await rm(await mkdtemp(join(existingParent(folder), '.doctor-')), { recursive: true });
    await makeFolder(folder);
    const inside = await mkdtemp(join(folder, '.doctor-'));
    await rm(inside, { recursive: true });
    return null;
  } catch (problem) {
    return (problem as Error).message;
  }
}

/** Returns the free bytes on the disk of a folder that may not exist yet. */
export async function freeBytes(folder: string): Promise<number> {
  return await freeBytesOf(existingParent(folder));
}

/** Returns the median duration of some fsyncs of a short line on the folder's disk, milliseconds. */
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

/** Returns the user id of the folder's owner; 0 on Windows, which has no user ids. */
export async function folderOwner(folder: string): Promise<number> {
  return (await stat(existingParent(folder))).uid;
}

/** Returns the kind of the folder's file system; undefined when it is unknown, and on systems other than Linux. */
export async function diskKind(
  folder: string,
): Promise<{ readonly name: string; readonly isSound: boolean } | undefined> {
  const { type } = await statfs(existingParent(folder));
  return process.platform === 'linux' ? KINDS.get(type >>> 0) : undefined;
}

/** Returns the folder, or the nearest existing folder above it; the root when a drive is missing on Windows. */
export function existingParent(folder: string): string {
  const parent = dirname(folder);
  return parent === folder || existsSync(folder) ? folder : existingParent(parent);
}
