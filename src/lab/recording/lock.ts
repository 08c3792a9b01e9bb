/**
 * One lab on a run folder, and one cluster on a data folder: a lock file that names its holder. A holder that
 * died without letting go (kill -9, power cut) is told from a living one by pid and start time, and taken over.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import { startTimeOf } from '../processes/process-info.ts';

const holderSchema = v.object({
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** As the operating system tells it. */
  startTime: v.string(),
  token: v.string(),
  takenAt: v.string(),
});

/** The process that holds a lock. */
export type LockHolder = Readonly<v.InferOutput<typeof holderSchema>>;

/** A lock that was taken; let go of it. */
export interface Lock {
  /** Lets go. A lock that somebody else took over meanwhile is left alone. */
  release(): Promise<void>;
}

/** The lock, or who has it. */
export type LockResult =
  | { readonly ok: true; readonly lock: Lock }
  /** `holder`: for people, `process 4711, since 2026-11-23T20:23:28.000Z`. */
  | { readonly ok: false; readonly holder: string };

/** Name of the lock file, in a run folder and in a data folder. */
export const LOCK_FILE = 'lock';
/** A lock file is empty only between two system calls; one that is further from now was left by a crash (ms). */
const EMPTY_MS = 2_000;
const PAUSE_MS = 20;
const ATTEMPTS = 150;

/** Locks one run folder against a second lab. Rejects only with the file system's errors. */
export function lockRun(folder: string): Promise<LockResult> {
  return takeLock(join(folder, LOCK_FILE));
}

/** Locks a data folder: one cluster at a time. Makes the folder when it is missing. */
export async function lockDataFolder(dataFolder: string): Promise<LockResult> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  return takeLock(join(dataFolder, LOCK_FILE));
}

/** The living holder of a lock file; null when nobody holds it. */
export async function lockHolder(file: string): Promise<LockHolder | null> {
  const holder = await readHolder(file);
  return holder !== null && holder !== 'unreadable' && isAlive(holder) ? holder : null;
}

async function takeLock(file: string): Promise<LockResult> {
  const mine: LockHolder = {
    pid: process.pid,
    startTime: startTimeOf(process.pid) ?? '',
    token: randomBytes(8).toString('hex'),
    takenAt: new Date().toISOString(),
  };
  let holder: LockHolder | 'unreadable' | null = null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (await create(file, mine)) return { ok: true, lock: lockOf(file, mine.token) };
    holder = await readHolder(file);
    if (holder === null) continue;
    if (holder !== 'unreadable' && isAlive(holder)) return { ok: false, holder: nameOf(holder) };
    // Its holder is between creating and writing it, or somebody else is clearing it away.
    if (!(await clearStale(file))) await pause(PAUSE_MS);
  }
  const name = holder === null || holder === 'unreadable' ? 'an unknown process' : nameOf(holder);
  return { ok: false, holder: name };
}

async function create(file: string, mine: LockHolder): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(JSON.stringify(mine));
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder(file: string): Promise<LockHolder | 'unreadable' | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return parseHolder(text);
}

function parseHolder(text: string): LockHolder | 'unreadable' {
  try {
    const parsed = v.safeParse(holderSchema, JSON.parse(text));
    return parsed.success ? parsed.output : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

function isAlive(holder: LockHolder): boolean {
  const startTime = startTimeOf(holder.pid);
  return startTime !== null && startTime === holder.startTime;
}

async function isOld(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  // In both directions: a clock that was set back leaves files of the future.
  return found !== null && Math.abs(Date.now() - found.mtimeMs) > EMPTY_MS;
}

/**
 * Removes a lock nobody holds. Of several labs that find it stale only one may look again and remove it, or a
 * slow one would remove the lock a quick one has just taken: so clearing has a lock of its own.
 */
async function clearStale(file: string): Promise<boolean> {
  const clearing = `${file}.clearing`;
  const mine = { pid: process.pid, startTime: '', token: randomBytes(8).toString('hex'), takenAt: '' };
  if (!(await create(clearing, mine))) {
    // Held for a few system calls only; older, it was left by a crash.
    if (await isOld(clearing)) await rm(clearing, { force: true });
    return false;
  }
  try {
    const holder = await readHolder(file);
    const isStale = holder === 'unreadable' ? await isOld(file) : holder !== null && !isAlive(holder);
    if (isStale) await rm(file, { force: true });
    return isStale;
  } finally {
    await rm(clearing, { force: true });
  }
}

function tokenOf(holder: LockHolder | 'unreadable' | null): string | null {
  return typeof holder === 'object' && holder !== null ? holder.token : null;
}

function nameOf(holder: LockHolder): string {
  return `process ${holder.pid}, since ${holder.takenAt}`;
}

function lockOf(file: string, token: string): Lock {
  return {
    release: async () => {
      const holder = await readHolder(file);
      if (tokenOf(holder) === token) await rm(file, { force: true });
    },
  };
}
