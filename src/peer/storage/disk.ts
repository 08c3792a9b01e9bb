/**
 * The few file-system calls storage makes, as an interface: the real disk is here, the tests have one that forgets
 * what was not fsynced. Calls are synchronous because that was measured faster than the thread pool (one batch is one
 * write and one fsync, and nothing else may happen meanwhile anyway). Paths are below the server's folder, with `/`.
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
  /** Content and length reach the disk. */
  sync(): void;
  close(): void;
}

/** A server's folder on some disk. */
export interface Disk {
  /** The path a person would look for. */
  locate(path: string): string;
  /** Names in a folder, sorted; null when there is no such folder. */
  list(folder: string): readonly string[] | null;
  /** null when there is no such file. */
  read(path: string): Buffer | null;
  /** Mode 0700; parents too; nothing happens when it is there. */
  makeFolder(folder: string): void;
  /** A new file for appending, mode 0600; fails when it exists. */
  create(path: string): OpenFile;
  /** An existing file for appending. */
  open(path: string): OpenFile;
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** The names in a folder reach the disk: what was created, renamed and removed in it. `..` is the folder's parent. */
  syncFolder(folder: string): void;
}

/** @param root  the server's folder; need not exist yet */
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
      // fdatasync also writes the new length, which is all an append changes that matters.
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

/** A short write is not an error of the disk: the rest follows. */
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
