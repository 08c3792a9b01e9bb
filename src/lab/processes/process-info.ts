/**
 * What the operating system says about a process: whether it really runs and when it was started. A pid alone
 * names nobody (it is reused), so every signal of the lab and of the reaper is sent to a pid *and* its start time,
 * both looked up right before. Reads `/proc/<pid>/stat` on Linux and asks `ps` elsewhere; signal 0 is never used,
 * because it calls a zombie alive.
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

/**
 * Looks a process up.
 *
 * @param pid  a positive process id; anything else is nobody
 * @returns null when there is no such process
 */
export function readProcess(pid: number): ProcessInfo | null {
  if (!Number.isSafeInteger(pid) || pid <= 1) return null;
  if (WINDOWS) return null;
  try {
    return LINUX ? parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8')) : parsePs(ps(pid, 'stat=,lstart='));
  } catch (cause) {
    if (isGone(cause)) return null;
    throw cause;
  }
}

/** True while that very process exists and is not a zombie (a zombie holds nothing but its exit code). */
export function isAlive(identity: ProcessIdentity): boolean {
  const info = readProcess(identity.pid);
  return info !== null && info.startTime === identity.startTime && !/^[ZX]/.test(info.state);
}

/**
 * Sends a signal to that very process; checks its start time right before.
 *
 * @returns false when it is gone (or is another one by now): nothing was sent
 */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
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
