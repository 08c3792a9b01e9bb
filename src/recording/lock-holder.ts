/**
 * Finds the holder of a lock and decides whether that process still lives. If the holder runs on the same computer,
 * since the same start of it and in the same container, pid and start time decide. A holder elsewhere cannot be looked
 * up. It writes its lock file again every 5 s (a beat), and counts as gone 30 s after the last beat. Flow: lock file →
 * here → lock.ts, the list of runs, the doctor.
 */
import * as v from 'valibot';
import { openForeignFile } from '../program/foreign-file.ts';
import { isSamePlace, type Place, thisPlace } from '../program/place.ts';
import { readProcess, startTimeOf } from '../program/process-info.ts';

const holderSchema = v.object({
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** Start time of the process as the operating system reports it. */
  startTime: v.string(),
  token: v.string(),
  takenAt: v.string(),
  /** Absent in files of an earlier version, which had no beats and assumed that every holder runs in the same place. */
  place: v.exactOptional(v.object({ host: v.string(), boot: v.string(), pidNamespace: v.string() })),
});

/** The process that holds a lock, as it described itself in the file. */
export type LockHolder = Readonly<v.InferOutput<typeof holderSchema>>;

/**
 * `stopped`: stopped by Ctrl-Z or SIGSTOP. `elsewhere`: cannot be looked up here, and its last beat is recent.
 * `left-elsewhere`: cannot be looked up here, and its last beat is old.
 */
export type HolderState = 'running' | 'stopped' | 'elsewhere' | 'gone' | 'left-elsewhere';

/** A holder and its present state. */
export interface FoundHolder extends LockHolder {
  readonly state: HolderState;
  /** Time of its last beat, ISO 8601, UTC. */
  readonly seenAt: string;
}

/** The content of a lock file; null when the file is missing. */
export type ReadLock = { readonly holder: LockHolder; readonly beatMs: number } | 'unreadable' | null;

/** Time between two beats (ms). */
export const BEAT_EVERY_MS = 5_000;
/** Time without a beat after which a holder elsewhere counts as gone (ms). */
export const SILENT_MS = 30_000;

/** Reads a lock file. @returns null for a missing file @throws LabProblem not-a-file; the file system's error */
export async function readLock(file: string): Promise<ReadLock> {
  let text: string;
  let beatMs: number;
  try {
    // Read content and time through one handle, because opening the file makes a network disk show its newest state.
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

/** Determines the state of a holder. @param nowMs  present time by the clock that dates the files of that folder */
export function judged({ holder, beatMs }: Exclude<ReadLock, string | null>, nowMs: number): FoundHolder {
  return { ...holder, state: stateOf(holder, beatMs, nowMs), seenAt: new Date(beatMs).toISOString() };
}

/** Whether a lock with this holder is taken. */
export function isHeld({ state }: FoundHolder): boolean {
  return state === 'running' || state === 'stopped' || state === 'elsewhere';
}

function stateOf(holder: LockHolder, beatMs: number, nowMs: number): HolderState {
  const place: Place | undefined = holder.place;
  if (place !== undefined && !isSamePlace(place, thisPlace())) {
    // The difference counts in both directions, because files may be dated in the future after a clock was set back.
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
