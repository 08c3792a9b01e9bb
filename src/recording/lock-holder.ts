/**
 * The holder of a lock, and whether that process still lives. In the place where this program runs, pid and start time decide.
 * A holder elsewhere (another computer, another start of it, another container) cannot be looked up: it writes its lock file
 * again every 5 s, and counts as gone 30 s after the last time. Flow: lock file → here → lock.ts, the list of runs, the doctor.
 */
import * as v from 'valibot';
import { openForeignFile } from '../program/foreign-file.ts';
import { isSamePlace, type Place, thisPlace } from '../program/place.ts';
import { readProcess, startTimeOf } from '../program/process-info.ts';

const holderSchema = v.object({
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** As the operating system reports it. */
  startTime: v.string(),
  token: v.string(),
  takenAt: v.string(),
  /** Absent in files of an earlier version, which had no beat and assumed that every holder runs in the same place. */
  place: v.exactOptional(v.object({ host: v.string(), boot: v.string(), pidNamespace: v.string() })),
});

/** The process that holds a lock, as it described itself in the file. */
export type LockHolder = Readonly<v.InferOutput<typeof holderSchema>>;

/**
 * `stopped`: by Ctrl-Z or SIGSTOP. `elsewhere`: cannot be looked up here, and its last beat is recent.
 * `left-elsewhere`: its last beat is old.
 */
export type HolderState = 'running' | 'stopped' | 'elsewhere' | 'gone' | 'left-elsewhere';

/** A holder and its present state. */
export interface FoundHolder extends LockHolder {
  readonly state: HolderState;
  /** Time of its last beat, ISO 8601, UTC. */
  readonly seenAt: string;
}

/** The content of a lock file: its holder, unreadable, or null when the file is missing. */
export type ReadLock = { readonly holder: LockHolder; readonly beatMs: number } | 'unreadable' | null;

/** Time between two beats (ms). */
export const BEAT_EVERY_MS = 5_000;
/** A holder elsewhere without a beat for this long is gone (ms). */
export const SILENT_MS = 30_000;

/** Reads a lock file. @throws LabProblem not-a-file, or the file system's error, except for a missing file */
export async function readLock(file: string): Promise<ReadLock> {
  let text: string;
  let beatMs: number;
  try {
    // One handle for content and time: opening it makes a network disk show its newest state.
    const handle = await openForeignFile(file);
    try {
      text = await handle.readFile('utf8');
      beatMs = (await handle.stat()).mtimeMs;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const holder = parseHolder(text);
  return holder === null ? 'unreadable' : { holder, beatMs };
}

/**
 * The state of a holder.
 *
 * @param nowMs  by the clock that dates the files of that folder
 */
export function judged({ holder, beatMs }: Exclude<ReadLock, string | null>, nowMs: number): FoundHolder {
  return { ...holder, state: stateOf(holder, beatMs, nowMs), seenAt: new Date(beatMs).toISOString() };
}

/** Whether a lock with such a holder is taken. */
export function isHeld({ state }: FoundHolder): boolean {
  return state === 'running' || state === 'stopped' || state === 'elsewhere';
}

function stateOf(holder: LockHolder, beatMs: number, nowMs: number): HolderState {
  const place: Place | undefined = holder.place;
  if (place !== undefined && !isSamePlace(place, thisPlace())) {
    // The difference counts in both directions: a clock that was set back leaves files of the future.
    return Math.abs(nowMs - beatMs) <= SILENT_MS ? 'elsewhere' : 'left-elsewhere';
  }
  const startTime = startTimeOf(holder.pid);
  if (startTime === null || startTime !== holder.startTime) return 'gone';
  return readProcess(holder.pid)?.state.startsWith('T') ? 'stopped' : 'running';
}

function parseHolder(text: string): LockHolder | null {
  try {
    const parsed = v.safeParse(holderSchema, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
