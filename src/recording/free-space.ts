/**
 * The disk space that must stay free: a recording must not fill the disk of the person's other programs. The bound is
 * checked before a run starts (here) and while it is recorded (cap-watch.ts). `RAFT_LAB_MIN_FREE_MIB` lowers it.
 */
import { statfs } from 'node:fs/promises';

const MIB = 1024 ** 2;
const DEFAULT_MIB = 1024;
/** Name of the environment variable: whole MiB. */
const SETTING = 'RAFT_LAB_MIN_FREE_MIB';

/**
 * Free bytes below which no run starts and a live one ends: 1 GiB unless set.
 *
 * @throws Error with a sentence for a value that is no whole number
 */
export function leastFreeBytes(env: Readonly<Record<string, string | undefined>> = process.env): number {
  const text = env[SETTING] || String(DEFAULT_MIB);
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${SETTING}=${text} is not a whole number of MiB`);
  return Number(text) * MIB;
}

/** Bytes of the folder's disk that this user may still write; Infinity when the system does not report it. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize, blocks } = await statfs(folder);
  // File systems without a size of their own, such as some in user space, answer with zeros.
  return blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize;
}

/** Bytes as whole MiB, rounded down. */
export function inMib(bytes: number): number {
  return Math.floor(bytes / MIB);
}
