/**
 * Where a process runs, as far as its pid has a meaning: a pid names a process only on one computer, between two starts of
 * that computer, and (Linux) in one PID namespace, such as a container's. Flow: locks and lists of processes carry the place
 * of who wrote them; a reader elsewhere must not look their pids up.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, uptime } from 'node:os';

/** A computer, one start of it, and a set of pids. */
export interface Place {
  readonly host: string;
  /** The kernel's boot id on Linux; elsewhere the time of the start, ISO 8601, UTC. */
  readonly boot: string;
  /** As `/proc/self/ns/pid` names it; empty where the system has none, or where `/proc` shows other processes than ours. */
  readonly pidNamespace: string;
}

const LINUX = process.platform === 'linux';
/** The time of the start is now minus the uptime: it moves when the clock is corrected (ms). */
const BOOT_SLACK_MS = 60_000;

/** The place of this process. */
export function thisPlace(): Place {
  return { host: hostname(), boot: LINUX ? bootId() : bootTime(), pidNamespace: LINUX ? pidNamespace() : '' };
}

/** Whether a pid that was written in one place names the same process in the other. In doubt it does not. */
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
    // A new namespace may still see the `/proc` of the old one: then no pid can be looked up.
    return readlinkSync('/proc/self') === String(process.pid) ? readlinkSync('/proc/self/ns/pid') : '';
  } catch {
    return '';
  }
}
