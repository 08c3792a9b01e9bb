/**
 * The place where a process runs. A pid names a process only on one computer, until that computer restarts, and (on Linux) in one
 * PID namespace, such as a container's. Flow: locks and lists of processes record the writer's place; a reader in
 * another place must not look their pids up.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, uptime } from 'node:os';

/** A computer, one of its starts, and a PID namespace. */
export interface Place {
  readonly host: string;
  /** The kernel's boot id on Linux; elsewhere the time of the start, ISO 8601, UTC. */
  readonly boot: string;
  /**
   * The link text of `/proc/self/ns/pid`; empty where the system has none, or where `/proc` shows another namespace.
   */
  readonly pidNamespace: string;
}

const LINUX = process.platform === 'linux';
/**
 * Tolerance for the time of the start, which is now minus the uptime and moves when the clock is corrected;
 * milliseconds.
 */
const BOOT_SLACK_MS = 60_000;

/** The place of this process. */
export function thisPlace(): Place {
  return { host: hostname(), boot: LINUX ? bootId() : bootTime(), pidNamespace: LINUX ? pidNamespace() : '' };
}

/** Returns true when a pid written in one place certainly names the same process in the other. */
export function isSamePlace(one: Place, other: Place): boolean {
  return one.host === other.host && isSameBoot(one.boot, other.boot) && isSameNamespace(one, other);
}

function isSameBoot(one: string, other: string): boolean {
  if (LINUX) return one !== '' && one === other;
  return Math.abs(Date.parse(one) - Date.parse(other)) <= BOOT_SLACK_MS;
}

function isSameNamespace(one: Place, other: Place): boolean {
  return one.pidNamespace === other.pidNamespace && (one.pidNamespace !== '' || !LINUX);
}

function bootTime(): string {
  return new Date(Date.now() - uptime() * 1_000).toISOString();
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

function pidNamespace(): string {
  try {
    // After `unshare`, `/proc` may still show the old namespace; then no pid can be looked up.
    return readlinkSync('/proc/self') === String(process.pid) ? readlinkSync('/proc/self/ns/pid') : '';
  } catch {
    return '';
  }
}
