/**
 * The free disk space that a recording leaves to other programs. It is checked before a run starts (here) and during
 * the recording (cap-watch.ts). `RAFT_LAB_MIN_FREE_MIB` changes it.
 */
import { statfs } from 'node:fs/promises';

const MIB = 1024 ** 2;
const DEFAULT_MIB = 1024;
/** Name of the environment variable; its value is a whole number of MiB. */
const SETTING = 'RAFT_LAB_MIN_FREE_MIB';

/**
 * Returns the number of free bytes below which no run starts and a live run ends. The default is 1 GiB.
 *
 * @throws Error with a sentence for a value that is not a whole number
 */
export function leastFreeBytes(env: Readonly<Record<string, string | undefined>> = process.env): number {
  const text = env[SETTING] || String(DEFAULT_MIB);
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${SETTING}=${text} is not a whole number of MiB`);
  return Number(text) * MIB;
}

/**
 * Returns the bytes of the folder's disk that this user may still write, or Infinity when the system does not report
 * them.
 */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize, blocks } = await statfs(folder);
  // Some file systems, such as those in user space, have no size and answer with zeros.
  return blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize;
}

/** Converts bytes to whole MiB, rounded down. */
export function inMib(bytes: number): number {
  return Math.floor(bytes / MIB);
}
