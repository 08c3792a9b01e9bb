/**
 * Locks that allow one lab for each run folder and one cluster for each data folder. A lock is a file that names its
 * holder; lock-holder.ts reads it and decides whether the holder lives. A lock whose holder died without releasing it
 * (kill -9, power cut) is taken over. Flow: taken → a beat every 5 s → released, or lost to a lab elsewhere that saw no
 * beat.
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeFolder } from '../program/make-folder.ts';
import { thisPlace } from '../program/place.ts';
import { startTimeOf } from '../program/process-info.ts';
import { BEAT_EVERY_MS, type FoundHolder, isHeld, judged, type LockHolder, readLock } from './lock-holder.ts';

/** A lock that was taken and must be released. */
export interface Lock {
  /**
   * Calls `listener` once when another lab has taken over the lock. The caller must then stop writing the guarded
   * files.
   */
  onLost(listener: () => void): void;
  /** Releases the lock. If another lab took it over, the lock file stays. */
  release(): Promise<void>;
}

/** The lock, or its current holder; the holder is null when it could not be read. */
export type LockResult =
  | { readonly ok: true; readonly lock: Lock }
  | { readonly ok: false; readonly holder: FoundHolder | null };

/** Repeats some work. Returns a function that stops it. */
export type Schedule = (work: () => Promise<void>) => () => void;

/** Name of the lock file in a run folder or a data folder. */
export const LOCK_FILE = 'lock';
/**
 * Age from which an empty lock file counts as left by a crash (ms). A living lab writes the file immediately after
 * creating it.
 */
const EMPTY_MS = 2_000;
const PAUSE_MS = 20;
const ATTEMPTS = 150;

const EVERY_BEAT: Schedule = (work) => {
  const timer = setInterval(() => void work(), BEAT_EVERY_MS).unref();
  return () => clearInterval(timer);
};

/** Locks a run folder, so that no second lab opens it. Rejects only with the file system's errors. */
export function lockRun(folder: string, beats: Schedule = EVERY_BEAT): Promise<LockResult> {
  return takeLock(join(folder, LOCK_FILE), beats);
}

/**
 * Locks a data folder, so that it has one cluster at a time. Creates the folder when it is missing. Rejects as lockRun.
 */
export async function lockDataFolder(dataFolder: string, beats: Schedule = EVERY_BEAT): Promise<LockResult> {
  await makeFolder(dataFolder);
  return await takeLock(join(dataFolder, LOCK_FILE), beats);
}

/** Returns the living holder of a lock file; null when the lock is free. Writes nothing. */
export async function lockHolder(file: string): Promise<FoundHolder | null> {
  const read = await readLock(file);
  if (read === null || read === 'unreadable') return null;
  const found = judged(read, Date.now());
  return isHeld(found) ? found : null;
}

/**
 * Returns the holder of a run folder or data folder, even one that left its lock behind; null without a lock file. The
 * age of a beat is measured by the clock of that folder.
 */
export async function holderIn(folder: string): Promise<FoundHolder | null> {
  return await findHolder(join(folder, LOCK_FILE));
}

async function takeLock(file: string, beats: Schedule): Promise<LockResult> {
  const mine: LockHolder = {
    pid: process.pid,
    startTime: startTimeOf(process.pid) ?? '',
    token: randomBytes(8).toString('hex'),
    takenAt: new Date().toISOString(),
    place: thisPlace(),
  };
  let found: FoundHolder | null = null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const handle = await create(file, mine);
    if (handle !== null) return { ok: true, lock: lockOf(file, mine, handle, beats) };
    found = await findHolder(file);
    if (found !== null && isHeld(found)) return { ok: false, holder: found };
    // Either the holder has created the file and not yet written it, or another lab is removing a stale lock.
    if (!(await clearStale(file))) await pause(PAUSE_MS);
  }
  return { ok: false, holder: found };
}

async function findHolder(file: string): Promise<FoundHolder | null> {
  const read = await readLock(file);
  if (read === null || read === 'unreadable') return null;
  const found = judged(read, Date.now());
  // The disk may belong to another computer, whose clock dates the beats.
  const needsClock = found.state === 'elsewhere' || found.state === 'left-elsewhere';
  return needsClock ? judged(read, await folderClock(file)) : found;
}

/**
 * Returns the present time by the clock that dates files beside this one. Falls back to this computer's clock when no
 * file can be made there.
 */
async function folderClock(beside: string): Promise<number> {
  const probe = `${beside}.${randomBytes(4).toString('hex')}.clock`;
  try {
    const handle = await open(probe, 'wx', 0o600);
    try {
      await handle.writeFile('0');
      return (await handle.stat()).mtimeMs;
    } finally {
      await handle.close();
      await rm(probe, { force: true });
    }
  } catch {
    return Date.now();
  }
}

/** Creates and writes the lock file. @returns the open file; null when the file exists already */
async function create(file: string, mine: LockHolder): Promise<FileHandle | null> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  }
  try {
    await write(handle, mine);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function write(handle: FileHandle, mine: LockHolder): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(mine));
  await handle.write(bytes, 0, bytes.length, 0);
}

async function isOld(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  // The difference counts in both directions, because files may be dated in the future after a clock was set back.
  return found !== null && Math.abs(Date.now() - found.mtimeMs) > EMPTY_MS;
}

/**
 * Removes a lock whose holder is gone. Several labs may find the same stale lock. Only one of them may check it again
 * and remove it, because a slow lab would otherwise remove the lock that a quick one has just taken. A second lock
 * file, `.clearing`, selects that lab.
 */
async function clearStale(file: string): Promise<boolean> {
  const clearing = `${file}.clearing`;
  const mine = { pid: process.pid, startTime: '', token: randomBytes(8).toString('hex'), takenAt: '' };
  const handle = await create(clearing, mine);
  if (handle === null) {
    // A lab holds `.clearing` for a few system calls only, so an older one was left by a crash.
    if (await isOld(clearing)) await rm(clearing, { force: true });
    return false;
  }
  try {
    await handle.close();
    const read = await readLock(file);
    const isStale = read === 'unreadable' ? await isOld(file) : read !== null && !(await isStillHeld(file));
    if (isStale) await rm(file, { force: true });
    return isStale;
  } finally {
    await rm(clearing, { force: true });
  }
}

async function isStillHeld(file: string): Promise<boolean> {
  const found = await findHolder(file);
  return found !== null && isHeld(found);
}

function lockOf(file: string, mine: LockHolder, handle: FileHandle, beats: Schedule): Lock {
  const listeners: (() => void)[] = [];
  const isMine = async (): Promise<boolean> => {
    const read = await readLock(file);
    return typeof read === 'object' && read?.holder.token === mine.token;
  };
  const beat = async (): Promise<void> => {
    try {
      // Write through the open handle, because after a takeover the file of this name belongs to another lab.
      await write(handle, mine);
      await handle.datasync();
      if (await isMine()) return;
    } catch {
      // The recorder reports a failed or full disk, and the next beat may succeed.
      return;
    }
    stop();
    for (const listener of listeners) listener();
  };
  let beating: Promise<void> = Promise.resolve();
  const stop = beats(() => {
    beating = beating.then(beat);
    return beating;
  });
  return {
    onLost: (listener) => void listeners.push(listener),
    release: async () => {
      stop();
      await beating;
      await handle.close();
      if (await isMine()) await rm(file, { force: true });
    },
  };
}
