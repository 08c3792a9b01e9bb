/**
 * The operating system's facts about a process: whether it really runs and when it was started. A pid alone
 * names nobody (it is reused), so every signal of the lab and of the reaper is sent to a pid *and* its start time,
 * both looked up right before, and a lock names its holder the same way. Reads `/proc/<pid>/stat` on Linux and asks `ps` elsewhere; signal 0
 * is the last resort (Windows), because it calls a zombie alive.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One process as the system sees it now. */
export interface ProcessInfo {
  /** `R`, `S`, `T` (stopped), `Z` (zombie), … as in `ps -o stat=`, first letter. */
  readonly state: string;
  /** When it was started: clock ticks since boot on Linux, a date elsewhere. Compared, never read. */
  readonly startTime: string;
}

/** A process that cannot be mistaken for another one. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

const LINUX = process.platform === 'linux';
/** Without /proc and ps nothing can be checked; a child's own handle is all there is. */
const WINDOWS = process.platform === 'win32';
/** How often it is looked whether the killed are gone: the system tells nobody but a parent. */
const LOOK_AGAIN_MS = 10;

/**
 * Looks a process up.
 *
 * @param pid  a positive process id; anything else is nobody
 * @returns null when there is no such process
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
 * When the process with this pid was started; null when nobody has it, or only a zombie (it holds nothing but its
 * exit code). Where nothing but the pid can be looked up (Windows) it is '' for everybody alive.
 */
export function startTimeOf(pid: number): string | null {
  if (WINDOWS) return hasProcess(pid) ? '' : null;
  const info = readProcess(pid);
  return info === null || /^[ZX]/.test(info.state) ? null : info.startTime;
}

/** True while that very process exists and is not a zombie; never where start times cannot be looked up. */
export function isAlive(identity: ProcessIdentity): boolean {
  return !WINDOWS && startTimeOf(identity.pid) === identity.startTime;
}

/** Resolves with true when all of them are gone, with false when one is still there after `withinMs`. */
export async function whenGone(identities: readonly ProcessIdentity[], withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (identities.some(isAlive)) {
    if (performance.now() > deadline) return false;
    await new Promise((resume) => setTimeout(resume, LOOK_AGAIN_MS));
  }
  return true;
}

/** Resolves with true when the system says that it is stopped (`T`), with false when it is not so after `withinMs`. */
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
 * Sends a signal to that very process; checks its start time right before.
 *
 * @returns false when it is gone (or is another one by now): nothing was sent
 */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  // 0 and -1 would mean groups of processes, and 1 is never a program that we started.
  if (identity.pid <= 1 || !isAlive(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw cause;
  }
}

/** The words a process was started with, or '' when it is gone. Only compared with a run's id. */
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

/** Fields of /proc/<pid>/stat: the name (field 2) may hold spaces and brackets, so count from its last bracket. */
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

/** ENOENT: no such folder in /proc. ESRCH: it went while being read. `ps` ends with status 1 when it finds nobody. */
function isGone(cause: unknown): boolean {
  const { code, status } = cause as NodeJS.ErrnoException & { readonly status?: number };
  return code === 'ENOENT' || code === 'ESRCH' || status === 1;
}
