/**
 * Judges a history file that another tool wrote. The file is read in pieces and judged in slices, so it may have any
 * length and judging can be aborted at any time. Flow: file → lines → history reader → verdict.
 */
import type { FileHandle } from 'node:fs/promises';
import { type HistoryFormat, HistoryProblem, HistoryReader, type HistoryVerdict } from '../core/check/history/index.ts';
import { openForeignFile } from '../program/foreign-file.ts';
import { createPacer, inSlices } from './slices.ts';

const PIECE_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;
/** Maximum length of a line. A longer line is passed to the reader incomplete, and the reader refuses it. */
const LONGEST_LINE_BYTES = 4 * 1024 * 1024;

/**
 * Judges a history file.
 *
 * @throws HistoryProblem for a file that is not a history of this format; LabProblem not-a-file; the file system's
 * error; the signal's reason
 */
export async function judgeHistoryFile(
  path: string,
  format: HistoryFormat,
  signal: AbortSignal,
): Promise<HistoryVerdict> {
  const reader = new HistoryReader(format);
  const file = await openForeignFile(path);
  try {
    const pacer = createPacer();
    for await (const line of linesOf(file)) {
      reader.take(line);
      await pacer.pause();
      signal.throwIfAborted();
    }
  } finally {
    await file.close();
  }
  return await inSlices(reader.judging(), signal);
}

/** Yields the lines of a file. @throws HistoryProblem for a line that is not UTF-8 */
async function* linesOf(file: FileHandle): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  let rest: Buffer[] = [];
  let restBytes = 0;
  let number = 0;
  const lineOf = (end: Buffer): string => {
    const bytes = Buffer.concat([...rest, end]);
    rest = [];
    restBytes = 0;
    number += 1;
    try {
      return decoder.decode(bytes);
    } catch {
      throw new HistoryProblem(number, 'this is not UTF-8 text');
    }
  };
  for (;;) {
    const { bytesRead } = await file.read(piece, 0, PIECE_BYTES);
    if (bytesRead === 0) break;
    const read = piece.subarray(0, bytesRead);
    let begin = 0;
    for (let end = read.indexOf(LINE_FEED); end >= 0; end = read.indexOf(LINE_FEED, begin)) {
      yield lineOf(read.subarray(begin, end));
      begin = end + 1;
    }
    rest.push(Buffer.from(read.subarray(begin)));
    restBytes += bytesRead - begin;
    if (restBytes > LONGEST_LINE_BYTES) yield lineOf(Buffer.alloc(0));
  }
  yield lineOf(Buffer.alloc(0));
}
