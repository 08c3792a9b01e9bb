/**
 * Files that a person names and a stranger may have made: only regular ones are read. Opening a pipe waits for a writer that
 * may never come, and opening a device may act on it.
 */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { LabProblem } from '../core/lab-api/lab-problem.ts';

/** @throws LabProblem not-a-file; the file system's error when the file is missing or may not be read */
export async function openForeignFile(path: string): Promise<FileHandle> {
  assertRegular(path, await stat(path));
  // Without waiting, in case another file has taken its place since then; Windows has no such flag, and no such files.
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
 * Reads a file whole.
 *
 * @param most  bytes; the size that the file reports is not relied on, since files of /proc report none
 * @returns null when it is larger
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
