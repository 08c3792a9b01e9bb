/**
 * Finds damaged or missing parts of the recordings in a list without reading gigabytes. Small recordings are read
 * whole; of larger ones only the end is read. The result is remembered until the file changes. Flow: run-folder → here
 * → list of runs.
 */
import type { Stats } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';
import type { TraceFlaw } from '../core/trace/index.ts';
import { openForeignFile } from '../program/foreign-file.ts';
import { eventOf } from './line-checker.ts';
import type { Manifest } from './manifest.ts';
import { FitChecker } from './manifest-fit.ts';
import { readTrace } from './trace-file.ts';

/**
 * Maximum number of bytes that one list reads of recordings it does not know yet: about 100,000 events, a quarter of a
 * second.
 */
const WHOLE_AT_MOST = 16 * 1024 * 1024;
/** Number of bytes at the end of a recording that are read first to find its last line. */
const END_BYTES = 16 * 1024;
const MOST_REMEMBERED = 20_000;
const NEWLINE = 0x0a;

interface Remembered {
  /** Size, time and inode of the file that was read. */
  readonly stamp: string;
  readonly flaw: TraceFlaw | null;
}

const remembered = new Map<string, Remembered>();

/** The flaws of the recordings in one list. */
export class ListedFlaws {
  #left: number;

  /** Creates the flaws of a list. @param bytes  maximum number of bytes to read of whole recordings */
  constructor(bytes = WHOLE_AT_MOST) {
    this.#left = bytes;
  }

  /**
   * Returns the known damaged or missing part of a recording that is not being written. Rejects as openForeignFile.
   *
   * @param found  the file's size and time
   */
  async of(file: string, found: Stats, manifest: Manifest): Promise<TraceFlaw | null> {
    const stamp = stampOf(found);
    const known = remembered.get(file);
    if (known?.stamp === stamp) return known.flaw;
    const { size } = found;
    const isSmall = size <= this.#left;
    if (isSmall) this.#left -= size;
    const handle = await openForeignFile(file);
    try {
      const flaw = isSmall ? await flawOfWhole(handle, manifest) : await flawOfEnd(handle, size);
      if (flaw === 'unclear') return await flawOfWhole(handle, manifest);
      // The end of a large recording does not show whether all of it is whole, so a later list may still read it.
      if (isSmall || flaw !== null) remember(file, { stamp, flaw });
      return flaw;
    } finally {
      await handle.close();
    }
  }
}

/** Remembers the flaw of a recording that was read whole. Rejects with the file system's error. */
export async function rememberFlaw(file: string, flaw: TraceFlaw | null): Promise<void> {
  remember(file, { stamp: stampOf(await stat(file)), flaw });
}

function stampOf({ size, mtimeMs, ino }: Stats): string {
  return `${size} ${mtimeMs} ${ino}`;
}

function remember(file: string, found: Remembered): void {
  remembered.delete(file);
  remembered.set(file, found);
  const [oldest] = remembered.keys();
  if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
}

async function flawOfWhole(handle: FileHandle, manifest: Manifest): Promise<TraceFlaw | null> {
  const fit = new FitChecker(manifest);
  return (await readTrace(handle, manifest.traceVersion, (event, place) => fit.misfit(event, place))).flaw;
}

/**
 * Finds the flaw from the last whole line. In a recording without other flaws, the `seq` of an event is the number of
 * its line.
 */
async function flawOfEnd(handle: FileHandle, size: number): Promise<TraceFlaw | null | 'unclear'> {
  const end = await lastLine(handle, size);
  if (end === null) return 'unclear';
  try {
    const event = eventOf(end.line);
    const place = { line: event.seq + 1, offset: end.offset };
    if (end.offset < size) return { kind: 'torn', ...place, params: { bytes: size - end.offset } };
    return event.event === 'RunEnded' ? null : { kind: 'no-end', ...place, params: {} };
  } catch {
    return 'unclear';
  }
}

/**
 * Returns the last line with a newline, and the offset of the byte after it; null when the last bytes hold no whole
 * line.
 */
async function lastLine(
  handle: FileHandle,
  size: number,
): Promise<{ readonly line: Buffer; readonly offset: number } | null> {
  for (let bytes = END_BYTES; bytes <= WHOLE_AT_MOST; bytes *= 32) {
    const start = Math.max(0, size - bytes);
    const tail = Buffer.alloc(size - start);
    const { bytesRead } = await handle.read(tail, 0, tail.length, start);
    const last = tail.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    const before = last < 0 ? -1 : tail.lastIndexOf(NEWLINE, last - 1);
    if (before >= 0) return { line: tail.subarray(before + 1, last), offset: start + last + 1 };
  }
  return null;
}
