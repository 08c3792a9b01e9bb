/**
 * A lowdb adapter for the lab's own small files: a reader sees the old text or the new one, never half of it, even
 * after a crash. (lowdb's stock adapter neither fsyncs nor sets a mode.) Used for the list of live processes.
 */
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Adapter } from 'lowdb';

let counter = 0;

/**
 * JSON in one file, replaced as a whole: temp file (mode 0600), fsync, rename, fsync of the folder.
 * Reading a missing file gives null; a file that is no JSON throws lowdb's caller a SyntaxError.
 */
export function atomicJsonFile<Content>(path: string): Adapter<Content> {
  return {
    read: async () => {
      try {
        return JSON.parse(await readFile(path, 'utf8')) as Content;
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw cause;
      }
    },
    write: async (content) => {
      counter += 1;
      const temporary = `${path}.${process.pid}.${counter}.tmp`;
      try {
        await writeDurably(temporary, `${JSON.stringify(content, null, 2)}\n`);
        await rename(temporary, path);
        await syncFolder(dirname(path));
      } catch (cause) {
        await rm(temporary, { force: true });
        throw cause;
      }
    },
  };
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; there a rename is durable with the next metadata flush.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
