/**
 * A JSON file that is replaced as a whole or not at all: the adapter that the lab gives to lowdb's `Low`. A reader
 * finds the old or the new content, even after a crash or a power cut during a write. A run folder may come from a
 * stranger, so only regular files of a bounded size are read.
 */
import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Adapter } from 'lowdb';
import { openForeignFile } from './foreign-file.ts';
import { whenFree } from './held-files.ts';

/** Largest file that is read, bytes; the files that the lab writes are far smaller. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Reads and replaces `file`, mode 0600. `read` returns null for a missing file, and throws for anything but a regular
 * file of JSON.
 */
export function atomicFile<Value>(file: string): Adapter<Value> {
  return {
    read: async () => {
      try {
        return JSON.parse(await readText(file)) as Value;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    write: (value) => replace(file, `${JSON.stringify(value, null, 2)}\n`),
  };
}

/** Reads a regular file. @throws LabProblem not-a-file; Error when it is too large; the file system's error */
async function readText(file: string): Promise<string> {
  const handle = await openForeignFile(file);
  try {
    const { size } = await handle.stat();
    if (size > MOST_BYTES) throw new Error(`it has ${size} bytes, more than ${MOST_BYTES}`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

async function replace(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await whenFree(() => rename(temporary, file));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}

/** Makes created, renamed and removed names in this folder durable. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
