/**
 * The operating system's facts about a process: whether it runs and when it was started. A pid alone is not unique,
 * because the system reuses it. So the lab and the reaper send each signal to a pid *and* a start time, looked up
 * immediately before, and a lock names its holder in the same way. Reads `/proc/<pid>/stat` on Linux and calls `ps`
 * elsewhere. Windows has only signal 0, which reports a zombie as alive.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One process as the system sees it now. */
export interface ProcessInfo {
  /** `R`, `S`, `T` (stopped), `Z` (zombie), … as in `ps -o stat=`, first letter. */
  readonly state: string;
  /** Time of the start: clock ticks since boot on Linux, a date elsewhere. Only compared for equality. */
  readonly startTime: string;
}

/** A process identified by pid and start time. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

const LINUX = process.platform === 'linux';
/** Windows has neither /proc nor ps, so only a child's own handle is reliable. */
const WINDOWS = process.platform === 'win32';
/** Pause between two checks whether a process is gone, milliseconds; the system notifies only the parent. */
const LOOK_AGAIN_MS = 10;

/**
 * Looks a process up.
 *
 * @param pid  a process id; null is returned when it is not positive
 * @returns null when no such process exists
 */
export function readProcess(pid: number): ProcessInfo | null {
  if (!Number.isSafeInteger(pid) || pid < 1) return null;
  if (WINDOWS) return null;
  try {
    return LINUX ? parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8')) : parsePs(ps(pid, 'stat=,lstart='));
  } catch (cause) {
    if (isGone(cause)) return null;
    throw cause;
  }
}

/**
 * Returns when the process with this pid was started, or null when it does not exist or is a zombie. Returns '' for
 * every living process where start times cannot be looked up (Windows).
 */
export function startTimeOf(pid: number): string | null {
  if (WINDOWS) return hasProcess(pid) ? '' : null;
  const info = readProcess(pid);
  return info === null || /^[ZX]/.test(info.state) ? null : info.startTime;
}

/** True while this process exists and is not a zombie; always false where start times cannot be looked up. */
export function isAlive(identity: ProcessIdentity): boolean {
  return !WINDOWS && startTimeOf(identity.pid) === identity.startTime;
}

/** Resolves with true when all processes are gone, with false when one remains after `withinMs`. */
export async function whenGone(identities: readonly ProcessIdentity[], withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (identities.some(isAlive)) {
    if (performance.now() > deadline) return false;
    await new Promise((resume) => setTimeout(resume, LOOK_AGAIN_MS));
  }
  return true;
}

/** Resolves with true when the process is stopped (`T`), with false when it is not within `withinMs`. */
export async function whenStopped(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const info = readProcess(identity.pid);
    if (info === null || info.startTime !== identity.startTime) return false;
    if (info.state.startsWith('T')) return true;
    if (performance.now() > deadline) return false;
    await new Promise((resume) => setTimeout(resume, LOOK_AGAIN_MS));
  }
}

/**
 * Sends a signal to this process, after checking its start time.
 *
 * @returns false when the process is gone or its pid was reused; then no signal is sent
 */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  // 0 and -1 mean groups of processes, and 1 is never a program that we started.
  if (identity.pid <= 1 || !isAlive(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw cause;
  }
}

/** Returns the process's command line, or '' when the process is gone. Only searched for a run's id. */
export function commandLine(pid: number): string {
  if (WINDOWS) return '';
  try {
    return LINUX ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') : ps(pid, 'command=');
  } catch (cause) {
    if (isGone(cause)) return '';
    throw cause;
  }
}

function hasProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Parses /proc/<pid>/stat. The name (field 2) may hold spaces and brackets, so fields count from the last bracket. */
function parseStat(text: string): ProcessInfo | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, startTime] = [fields[0], fields[19]];
  return state === undefined || startTime === undefined ? null : { state, startTime };
}

function parsePs(text: string): ProcessInfo | null {
  const match = /^(\S+)\s+(\S.*)$/.exec(text.trim());
  return match?.[1] === undefined || match[2] === undefined ? null : { state: match[1], startTime: match[2].trim() };
}

function ps(pid: number, columns: string): string {
  return execFileSync('ps', ['-p', String(pid), '-o', columns], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/**
 * ENOENT: no such folder in /proc. ESRCH: the process ended during the read. `ps` exits with 1 when it finds no
 * process.
 */
function isGone(cause: unknown): boolean {
  const { code, status } = cause as NodeJS.ErrnoException & { readonly status?: number };
  return code === 'ENOENT' || code === 'ESRCH' || status === 1;
}
