/**
 * The output of a program on stdout and stderr. The newest part is kept in memory for the screen; the file in the run's
 * folder holds the output up to a size limit. Escape codes of terminals are removed from the part in memory. Flow:
 * child.ts pipes both streams in; the Process tab and ServerExited read the newest lines.
 */
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** Maximum number of characters kept in memory for each stream, so at most 256 KiB a server. */
const TAIL_CHARACTERS = 128 * 1024;
/** Maximum number of bytes that one life appends to the file. Later output is kept in memory only. */
const FILE_BYTES = 4 * 1024 * 1024;
/** Number of lines that the Process tab shows. */
const SHOWN_LINES = 200;

/** A captured stream. */
export interface Output {
  /** The newest lines, oldest first, without escape codes. */
  lines(): readonly string[];
  /** The last line that is not empty, or ''. */
  lastLine(): string;
  /** Resolves when the stream has ended and the file is closed. */
  readonly ended: Promise<void>;
}

/**
 * Captures one stream of a child.
 *
 * @param stream  the child's stdout or stderr
 * @param file    appended to; created with mode 0600
 * @param onProblem  receives a sentence, once, when the file cannot be written; the newest lines are still kept
 */
export function captureOutput(stream: Readable, file: string, onProblem: (message: string) => void): Output {
  let tail = '';
  let room = FILE_BYTES;
  let fileWorks = true;
  const target = createWriteStream(file, { flags: 'a', mode: 0o600 });
  const closed = new Promise<void>((resolve) => target.once('close', resolve));
  target.on('error', (cause) => {
    if (fileWorks) onProblem(`cannot write ${file}: ${cause.message}`);
    fileWorks = false;
  });
  const append = (bytes: Buffer): void => {
    if (room < 0 || !fileWorks) return;
    target.write(bytes.subarray(0, room));
    if (bytes.length > room) target.write(FULL);
    // `room` is below zero once the limit was exceeded, so the notice is written once.
    room -= bytes.length;
  };
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    tail = (tail + text).slice(-TAIL_CHARACTERS);
    append(Buffer.from(text));
  });
  stream.once('close', () => target.end());
  return {
    lines: () => linesOf(tail).slice(-SHOWN_LINES),
    lastLine: () => linesOf(tail).at(-1) ?? '',
    ended: closed,
  };
}

const FULL = '\n[raft-lab: the file is full; later output is not kept]\n';

function linesOf(text: string): readonly string[] {
  return stripVTControlCharacters(text)
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
}
