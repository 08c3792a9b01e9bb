/** Numbers, times and sizes as the dashboard writes them. Times are microseconds since the run began. */
import type { ServerId } from '../contract.ts';

/** `1:05.32`: minutes, seconds and hundredths since the run began. */
export function formatClock(timeUs: number): string {
  const hundredths = Math.max(0, Math.floor(timeUs / 10_000));
  const minutes = Math.floor(hundredths / 6000);
  const seconds = Math.floor((hundredths % 6000) / 100);
  return `${minutes}:${pad(seconds)}.${pad(hundredths % 100)}`;
}

/** `1:05.3`: minutes, seconds and tenths since the run began. */
export function formatClockTenths(timeUs: number): string {
  return formatClock(timeUs).slice(0, -1);
}

/** `0:12`, for the age of a fault. */
export function formatAge(ageUs: number): string {
  const seconds = Math.max(0, Math.floor(ageUs / 1_000_000));
  return `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
}

/** One decimal, always: `3.2`. Numbers that count up must not jump in width. */
export function formatTenths(seconds: number): string {
  return Math.max(0, seconds).toFixed(1);
}

/** `12.3 MB`; decimal units, as file managers show them. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** Server ids in the order of their numbers, as in `S1 S3`. */
export function formatServers(servers: readonly ServerId[]): string {
  return [...servers].sort(byServer).join(' ');
}

/** `12`, or `12–15`: a range of one index needs no dash. */
export function formatRange(first: number, last: number): string {
  return first === last ? String(first) : `${first}–${last}`;
}

/** Orders server ids by their number. */
export function byServer(a: ServerId, b: ServerId): number {
  return Number(a.slice(1)) - Number(b.slice(1));
}

/** Whole milliseconds, with one decimal below ten. */
export function formatMs(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : String(Math.round(ms));
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
