/**
 * A JSON file that is replaced as a whole or not at all: the adapter the lab gives to lowdb's `Low`. A reader
 * finds the old content or the new one, also after a crash or a power cut in between.
 */
import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Adapter } from 'lowdb';
import { whenFree } from '../../program/held-files.ts';

/** Reads and replaces `file`, mode 0600. `read` gives null when there is none; anything but JSON throws. */
export function atomicFile<Value>(file: string): Adapter<Value> {
  return {
    read: async () => {
      try {
        return JSON.parse(await readFile(file, 'utf8')) as Value;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    write: (value) => replace(file, `${JSON.stringify(value, null, 2)}\n`),
  };
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

/** Makes names made, changed or removed in this folder durable. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
