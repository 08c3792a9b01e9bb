/**
 * Reads events.jsonl in slices, up to the first line that is not whole. Flow: file → line-splitter → line-checker →
 * here → loading, judging.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import type { TraceEvent, TraceFlaw } from '../core/trace/index.ts';
import { openForeignFile } from '../program/foreign-file.ts';
import { eventOf, LineChecker } from './line-checker.ts';
import { LineSplitter } from './line-splitter.ts';
import { type Block, FIRST_SUM, sumWith, type TraceIndex } from './trace-index.ts';
import { sealOf } from './trace-line.ts';

/** The position of a line in the file. */
export interface LinePlace {
  /** Number of the line; the first is 1. */
  readonly line: number;
  readonly offset: number;
  /** Length of the line with its newline. */
  readonly bytes: number;
  /** Whether a checksum proves that the line is unchanged. */
  readonly isProved: boolean;
  /** Checksum of the line; null for a line without one. */
  readonly crc: number | null;
}

/** The result of reading a recording. */
export interface TraceReading {
  /** Number of bytes from the first byte of the file to the end of the last whole line. */
  readonly bytes: number;
  /** The flaw after these lines; null for a whole recording. */
  readonly flaw: TraceFlaw | null;
  /** Number of events without a checksum. Damage in them cannot be ruled out. */
  readonly unproved: number;
}

const SLICE_BYTES = 64 * 1024;

/**
 * Calls `onEvent` for every event of the whole part, in file order. `onEvent` may return a flaw of its own, which ends
 * the reading before that event. Rejects only when the file itself cannot be read.
 *
 * @param version  traceVersion of the manifest; null for a recording without a manifest
 */
export async function readTraceFile(
  file: string,
  version: number | null,
  onEvent: (event: TraceEvent, place: LinePlace) => TraceFlaw | null,
): Promise<TraceReading> {
  const handle = await openForeignFile(file);
  try {
    return await readTrace(handle, version, onEvent);
  } finally {
    await handle.close();
  }
}

/** Does the same with an open file, which stays open. */
export async function readTrace(
  handle: FileHandle,
  version: number | null,
  onEvent: (event: TraceEvent, place: LinePlace) => TraceFlaw | null,
): Promise<TraceReading> {
  const slice = Buffer.allocUnsafe(SLICE_BYTES);
  const checker = new LineChecker(version);
  const splitter = new LineSplitter();
  let position = 0;
  while (!splitter.isTooLong) {
    const { bytesRead } = await handle.read(slice, 0, SLICE_BYTES, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    for (const line of splitter.split(slice.subarray(0, bytesRead))) {
      const { line: number, offset, unproved } = checker;
      const checked = checker.next(line);
      const flaw = checked.ok
        ? onEvent(checked.event, {
            line: number,
            offset,
            bytes: line.length + 1,
            isProved: checked.isProved,
            crc: sealOf(line)?.crc ?? null,
          })
        : checked.flaw;
      if (flaw !== null) return { bytes: offset, flaw, unproved };
    }
  }
  return { bytes: checker.offset, flaw: checker.end(splitter.rest), unproved: checker.unproved };
}

/**
 * Returns the byte at which a line begins.
 *
 * @param line  number of a line in the index; the first is 1
 * @throws RangeError for a line beyond the index; the file system's error
 */
export async function lineOffset(file: string, { blocks }: Pick<TraceIndex, 'blocks'>, line: number): Promise<number> {
  let before = 0;
  for (const block of blocks) {
    if (before + block.size < line) {
      before += block.size;
      continue;
    }
    const lines = new LineSplitter().split(await bytesOf(file, block));
    let { offset } = block;
    for (let at = before + 1; at < line; at += 1) offset += (lines.next().value?.length ?? 0) + 1;
    return offset;
  }
  throw new RangeError(`there is no line ${line} in this index`);
}

/**
 * Reads the events of one stretch of a trace file that was read whole before.
 *
 * @param span.sum  sum of the checksums of its lines; null or absent when it is not known
 * @throws LabProblem recording-changed when a line was changed, moved or removed since; the file system's error
 */
export async function readSpan(
  file: string,
  { offset, bytes, sum = null }: Pick<Block, 'offset' | 'bytes'> & Partial<Pick<Block, 'sum'>>,
): Promise<readonly TraceEvent[]> {
  const content = await bytesOf(file, { offset, bytes }).catch(asChanged);
  const lines = new LineSplitter();
  const events: TraceEvent[] = [];
  let found = FIRST_SUM;
  for (const line of lines.split(content)) {
    events.push(eventOf(line));
    found = sumWith(found, sealOf(line)?.crc ?? 0);
  }
  if (content.length < bytes || lines.rest > 0 || (sum !== null && found !== sum)) {
    throw new LabProblem('recording-changed');
  }
  return events;
}

/**
 * Converts the error for a missing file: the recording was deleted or moved while it was open.
 *
 * @throws LabProblem recording-changed, or the error itself
 */
export function asChanged(cause: NodeJS.ErrnoException): never {
  throw cause.code === 'ENOENT' ? new LabProblem('recording-changed') : cause;
}

async function bytesOf(file: string, span: Pick<Block, 'offset' | 'bytes'>): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.allocUnsafe(span.bytes);
    const { bytesRead } = await handle.read(buffer, 0, span.bytes, span.offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
