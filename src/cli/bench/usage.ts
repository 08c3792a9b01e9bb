/**
 * CPU time and memory of processes, and how busy the whole machine was. Sources: /proc on Linux; `ps` on macOS, for CPU
 * time and memory only; none elsewhere. A figure that the system does not report is null.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One process now. */
export interface Usage {
  /** CPU time used since it was started, microseconds. */
  readonly cpuUs: number;
  readonly rssBytes: number;
}

/** Usage of all processors together since the machine was started, microseconds. */
export interface MachineUsage {
  readonly busyUs: number;
  readonly totalUs: number;
}

/** Linux counts CPU time in ticks of 10 ms on every architecture Node runs on (USER_HZ is 100). */
const TICK_US = 10_000;

/**
 * Returns the resources that these processes have used; null for a process that is gone, or where the system does not
 * report it.
 */
export function usageOf(pids: readonly number[]): ReadonlyMap<number, Usage | null> {
  if (process.platform === 'darwin') return usageByPs(pids);
  return new Map(pids.map((pid) => [pid, process.platform === 'linux' ? usageByProc(pid) : null]));
}

/** Returns how busy the machine was; null where the system does not report it. */
export function machineUsage(): MachineUsage | null {
  return process.platform === 'linux' ? parseMachine(readFileSync('/proc/stat', 'utf8')) : null;
}

function usageByProc(pid: number): Usage | null {
  try {
    const cpuUs = parseCpu(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    const rssBytes = parseRss(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return cpuUs === null || rssBytes === null ? null : { cpuUs, rssBytes };
  } catch {
    // A process that has ended has no usage.
    return null;
  }
}

function usageByPs(pids: readonly number[]): ReadonlyMap<number, Usage | null> {
  const none = new Map(pids.map((pid): [number, Usage | null] => [pid, null]));
  try {
    const list = execFileSync('ps', ['-p', pids.join(','), '-o', 'pid=,time=,rss='], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return new Map([...none, ...parsePs(list)]);
  } catch {
    // ps exits with 1 when one of the processes is gone.
    return none;
  }
}

/**
 * Reads CPU time from `/proc/<pid>/stat`. The name (field 2) may hold spaces, so fields are counted from its closing
 * bracket.
 */
export function parseCpu(stat: string): number | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? ticks * TICK_US : null;
}

/** Reads memory from `/proc/<pid>/status`. */
export function parseRss(status: string): number | null {
  const kibibytes = /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

/**
 * Reads the first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal. Steal (time that the host
 * took from this virtual machine) counts as busy. Interrupts do not, because on loopback they are mostly our own
 * messages.
 */
export function parseMachine(stat: string): MachineUsage | null {
  const fields = /^cpu +(.+)$/m.exec(stat)?.[1]?.split(' ').map(Number);
  const [user, nice, system, idle, iowait, irq, softirq, steal] = fields ?? [];
  if (user === undefined || nice === undefined || system === undefined || idle === undefined) return null;
  const busy = user + nice + system + (steal ?? 0);
  const total = busy + idle + (iowait ?? 0) + (irq ?? 0) + (softirq ?? 0);
  return { busyUs: busy * TICK_US, totalUs: total * TICK_US };
}

/**
 * Reads lines of `ps -o pid=,time=,rss=` such as `77  1:02.50  40960`. Hours stand before the minutes when there are
 * any.
 */
export function parsePs(list: string): readonly (readonly [number, Usage])[] {
  return list.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)\s+(\d+)\s*$/.exec(line);
    if (match === null) return [];
    const [, pid, hours = '0', minutes, seconds, kibibytes] = match;
    const cpuUs = Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1e6);
    return [[Number(pid), { cpuUs, rssBytes: Number(kibibytes) * 1024 }] as const];
  });
}
