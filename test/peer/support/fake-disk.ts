/**
 * A disk that loses unsynced data. It stores written data (bytes, and names in folders) apart from fsynced data, so
 * that a test can kill the program or cut the power. A kill at any call keeps everything before it and any prefix of
 * the current write. A power cut keeps any subset of the unsynced data, sector by sector and name by name.
 */
import type { Disk, OpenFile } from '../../../src/peer/storage/index.ts';

const SECTOR_BYTES = 512;

/** Thrown from the call at which the program dies. */
export class Crash extends Error {}

/** Decides whether a change that was not fsynced survives. */
export type Keeps = () => boolean;

interface FileNode {
  bytes: Buffer;
  durable: Buffer;
  pending: ({ readonly at: number; readonly bytes: Buffer } | { readonly truncate: number })[];
}

type Names = Map<string, FileNode | FolderNode>;
type NameChange = (names: Names) => void;

interface FolderNode {
  names: Names;
  durable: Names;
  pending: NameChange[];
}

export interface FakeDisk extends Disk {
  /** Returns the number of mutating calls. */
  calls(): number;
  /**
   * Lets the program die at the `call`-th mutating call from now (1 is the next). An append at that call keeps `share`
   * (0–1) of its bytes.
   */
  crashAt(call: number, share: number): void;
  /** Returns the same disk for the next process, as the operating system kept everything. */
  afterKill(): FakeDisk;
  /**
   * Returns the disk after a power cut.
   *
   * @param keeps  decides for each piece that was not fsynced
   */
  afterPowerCut(keeps: Keeps): FakeDisk;
  /** Returns every file with its content, for tests that damage them. */
  files(): ReadonlyMap<string, Buffer>;
  /** Replaces or removes (null) a file durably, as a person would from outside. */
  put(path: string, bytes: Buffer | null): void;
}

export function fakeDisk(root: FolderNode = emptyFolder()): FakeDisk {
  let calls = 0;
  let crash: { at: number; share: number } | null = null;
  let isDead = false;
  /** Counts a call. @returns the share of the call that still happens; below 1, the process dies after it */
  const begin = (): number => {
    if (isDead) throw new Crash('a dead process makes no calls');
    calls += 1;
    if (crash === null || calls < crash.at) return 1;
    isDead = true;
    return crash.share;
  };
  const act = (change: () => void): void => {
    if (begin() < 1 || isDead) throw new Crash(`killed at call ${calls}`);
    change();
  };
  const open = (node: FileNode): OpenFile => ({
    append: (bytes) => {
      const share = begin();
      const part = bytes.subarray(0, isDead ? Math.floor(bytes.length * share) : bytes.length);
      node.pending.push({ at: node.bytes.length, bytes: part });
      node.bytes = Buffer.concat([node.bytes, part]);
      if (isDead) throw new Crash(`killed in a write at call ${calls}`);
    },
    truncate: (length) =>
      act(() => {
        node.bytes = node.bytes.subarray(0, length);
        node.pending.push({ truncate: length });
      }),
    sync: () =>
      act(() => {
        node.durable = node.bytes;
        node.pending = [];
      }),
    close: () => undefined,
  });
  const change = (folder: FolderNode, how: NameChange): void => {
    how(folder.names);
    folder.pending.push(how);
  };
  const disk: FakeDisk = {
    locate: (path) => `/fake/${path}`,
    list: (path) => {
      const folder = folderAt(root, path);
      return folder === null ? null : [...folder.names.keys()].sort();
    },
    read: (path) => fileAt(root, path)?.bytes ?? null,
    makeFolder: (path) =>
      act(() => {
        if (path === '' || root.names.has(path)) return;
        const folder = emptyFolder();
        change(root, (names) => names.set(path, folder));
      }),
    create: (path) => {
      const { folder, name } = parentOf(root, path);
      const node: FileNode = { bytes: Buffer.alloc(0), durable: Buffer.alloc(0), pending: [] };
      act(() => change(folder, (names) => names.set(name, node)));
      return open(node);
    },
    open: (path) => {
      const node = fileAt(root, path);
      if (node === null) throw new Error(`no file ${path}`);
      return open(node);
    },
    rename: (from, to) =>
      act(() => {
        const { folder, name } = parentOf(root, from);
        const target = parentOf(root, to).name;
        const node = folder.names.get(name);
        if (node === undefined) throw new Error(`no file ${from}`);
        change(folder, (names) => {
          names.delete(name);
          names.set(target, node);
        });
      }),
    remove: (path) =>
      act(() => {
        const { folder, name } = parentOf(root, path);
        change(folder, (names) => names.delete(name));
      }),
    syncFolder: (path) =>
      act(() => {
        const folder = path === '..' ? null : folderAt(root, path);
        if (folder === null) return;
        folder.durable = new Map(folder.names);
        folder.pending = [];
      }),
    calls: () => calls,
    crashAt: (call, share) => {
      crash = { at: calls + call, share };
    },
    afterKill: () => fakeDisk(root),
    afterPowerCut: (keeps) => fakeDisk(cutFolder(root, keeps)),
    files: () => new Map(filesIn(root, '')),
    put: (path, bytes) => {
      const { folder, name } = parentOf(root, path);
      if (bytes === null) folder.names.delete(name);
      else folder.names.set(name, { bytes, durable: bytes, pending: [] });
      folder.durable = new Map(folder.names);
      folder.pending = [];
    },
  };
  return disk;
}

function emptyFolder(): FolderNode {
  return { names: new Map(), durable: new Map(), pending: [] };
}

function isFolder(node: FileNode | FolderNode | undefined): node is FolderNode {
  return node !== undefined && 'names' in node;
}

function folderAt(root: FolderNode, path: string): FolderNode | null {
  if (path === '') return root;
  const node = root.names.get(path);
  return isFolder(node) ? node : null;
}

function parentOf(root: FolderNode, path: string): { folder: FolderNode; name: string } {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  const folder = folderAt(root, parts.join('/'));
  if (folder === null) throw new Error(`no folder for ${path}`);
  return { folder, name };
}

function fileAt(root: FolderNode, path: string): FileNode | null {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  const node = folderAt(root, parts.join('/'))?.names.get(name);
  return node === undefined || isFolder(node) ? null : node;
}

function* filesIn(folder: FolderNode, prefix: string): Generator<[string, Buffer]> {
  for (const [name, node] of folder.names) {
    if (isFolder(node)) yield* filesIn(node, `${prefix}${name}/`);
    else yield [`${prefix}${name}`, node.bytes];
  }
}

function cutFolder(folder: FolderNode, keeps: Keeps): FolderNode {
  const kept: Names = new Map(folder.durable);
  for (const how of folder.pending) if (keeps()) how(kept);
  const names: Names = new Map();
  for (const [name, node] of kept) names.set(name, isFolder(node) ? cutFolder(node, keeps) : cutFile(node, keeps));
  return { names, durable: new Map(names), pending: [] };
}

/** Keeps or loses each sector of a file. The new length may survive without its sectors, which then read as NULs. */
function cutFile(file: FileNode, keeps: Keeps): FileNode {
  let bytes: Buffer = Buffer.from(file.durable);
  const grownTo = (length: number): Buffer =>
    length <= bytes.length ? bytes : Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]);
  for (const change of file.pending) {
    if ('truncate' in change) {
      if (keeps()) bytes = Buffer.from(bytes.subarray(0, change.truncate));
      continue;
    }
    const end = change.at + change.bytes.length;
    if (keeps()) bytes = grownTo(end);
    for (let at = change.at; at < end; ) {
      const next = Math.min(end, at - (at % SECTOR_BYTES) + SECTOR_BYTES);
      if (keeps()) {
        bytes = grownTo(next);
        change.bytes.copy(bytes, at, at - change.at, next - change.at);
      }
      at = next;
    }
  }
  return { bytes, durable: bytes, pending: [] };
}
