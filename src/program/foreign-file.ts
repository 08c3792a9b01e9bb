/**
 * Opens files that a person names and a stranger may have made. Only regular files are read: opening a pipe may block
 * forever, and opening a device may have side effects.
 */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { LabProblem } from '../core/lab-api/lab-problem.ts';

/** Opens a regular file for reading. @throws LabProblem not-a-file; the file system's error when it cannot be opened */
export async function openForeignFile(path: string): Promise<FileHandle> {
  assertRegular(path, await stat(path));
  // O_NONBLOCK: a pipe may have replaced the file since the check. Windows has neither the flag nor such pipes.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    assertRegular(path, await file.stat());
    return file;
  } catch (problem) {
    await file.close();
    throw problem;
  }
}

/**
 * Reads a whole file.
 *
 * @param most  maximum size in bytes, checked while reading because files of /proc report a size of 0
 * @returns null when the file is larger
 * @throws as openForeignFile
 */
export async function readForeignFile(path: string, most: number): Promise<Uint8Array | null> {
  const file = await openForeignFile(path);
  try {
    const buffer = Buffer.alloc(most + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) return buffer.subarray(0, length);
      length += bytesRead;
    }
    return null;
  } finally {
    await file.close();
  }
}

function assertRegular(path: string, found: Stats): void {
  if (!found.isFile()) throw new LabProblem('not-a-file', { path });
}
