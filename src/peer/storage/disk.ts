/**
 * The file-system calls of storage, as an interface. The real disk is here; the tests have a disk that forgets unsynced
 * data. Calls are synchronous because that was measured faster than the thread pool, and the server has no other work
 * during a write (one batch is one write and one fsync). Paths are relative to the server's folder, with `/`.
 */
import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeFolderSync } from '../../program/make-folder.ts';
import { StorageFailed } from './damage.ts';

/** A file open for appending. */
export interface OpenFile {
  /** Appends all of the bytes. */
  append(bytes: Buffer): void;
  truncate(length: number): void;
  /** Makes content and length durable. */
  sync(): void;
  close(): void;
}

/** A server's folder on some disk. */
export interface Disk {
  /** Returns the absolute path, for messages. */
  locate(path: string): string;
  /** Returns the names in a folder, sorted; null when the folder does not exist. */
  list(folder: string): readonly string[] | null;
  /** Returns the content of a file; null when it does not exist. */
  read(path: string): Buffer | null;
  /** Makes a folder and its parents, mode 0700; an existing folder is left as it is. */
  makeFolder(folder: string): void;
  /** Creates a file for appending, mode 0600; fails when it exists. */
  create(path: string): OpenFile;
  /** Opens an existing file for appending. */
  open(path: string): OpenFile;
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** Makes the folder's created, renamed and removed names durable. `..` is the parent of the server's folder. */
  syncFolder(folder: string): void;
}

/** Creates a disk on the file system. @param root  the server's folder; need not exist yet */
export function realDisk(root: string): Disk {
  const locate = (path: string): string => (path === '' ? root : join(root, path));
  const attempt = <Value>(doing: string, path: string, act: (full: string) => Value): Value => {
    const file = locate(path);
    try {
      return act(file);
    } catch (cause) {
      throw new StorageFailed({ file, doing, cause });
    }
  };
  const openFile = (path: string, flags: string): OpenFile => {
    const file = attempt('opening', path, (full) => openSync(full, flags, 0o600));
    return {
      append: (bytes) => attempt('writing', path, () => writeAll(file, bytes)),
      truncate: (length) => attempt('cutting', path, () => ftruncateSync(file, length)),
      // fdatasync suffices, because it also writes the new length.
      sync: () => attempt('flushing', path, () => fdatasyncSync(file)),
      close: () => attempt('closing', path, () => closeSync(file)),
    };
  };
  return {
    locate,
    list: (folder) => attempt('listing', folder, (full) => whenThere(() => readdirSync(full).sort())),
    read: (path) => attempt('reading', path, (full) => whenThere(() => readFileSync(full))),
    makeFolder: (folder) => attempt('creating', folder, makeFolderSync),
    create: (path) => openFile(path, 'ax'),
    open: (path) => openFile(path, 'a'),
    rename: (from, to) => attempt('renaming', from, (full) => renameSync(full, locate(to))),
    remove: (path) => attempt('removing', path, (full) => unlinkSync(full)),
    syncFolder: (folder) => attempt('flushing', folder, syncFolderAt),
  };
}

/** Writes all of the bytes. A short write is not an error; the loop writes the rest. */
function writeAll(file: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written, bytes.length - written);
}

function syncFolderAt(folder: string): void {
  // Windows cannot open a folder; NTFS journals the names itself.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function whenThere<Value>(act: () => Value): Value | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
