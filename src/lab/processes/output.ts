/**
 * What a program writes to stdout and stderr: the last part is kept for the screen, everything up to a bound is
 * appended to a file in the run's folder. Escape codes of terminals are stripped before anybody sees them.
 * Flow: child.ts pipes both streams in; the Process tab and ServerExited read the tail.
 */
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** How much of the newest output is kept in memory, per stream (the promise is 256 KiB a server). */
const TAIL_CHARACTERS = 128 * 1024;
/** How much one life may add to the file; what comes after is only in the tail. */
const FILE_BYTES = 4 * 1024 * 1024;
/** Lines the Process tab shows. */
const SHOWN_LINES = 200;

/** A captured stream. */
export interface Output {
  /** The newest lines, oldest first, without escape codes. */
  lines(): readonly string[];
  /** The last line that says something, or ''. */
  lastLine(): string;
  /** Resolves when the stream has ended and the file is closed. */
  readonly ended: Promise<void>;
}

/**
 * Captures one stream of a child.
 *
 * @param stream  the child's stdout or stderr
 * @param file    where it is appended; made with mode 0600
 * @param onProblem  told once, in a sentence, when the file cannot be written (the tail goes on)
 */
export function captureOutput(stream: Readable, file: string, onProblem: (message: string) => void): Output {
  let tail = '';
  let written = 0;
  let fileWorks = true;
  const target = createWriteStream(file, { flags: 'a', mode: 0o600 });
  target.on('error', (cause) => {
    if (fileWorks) onProblem(`cannot write ${file}: ${cause.message}`);
    fileWorks = false;
  });
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    tail = (tail + text).slice(-TAIL_CHARACTERS);
    const room = FILE_BYTES - written;
    if (room <= 0 || !fileWorks) return;
    const bytes = Buffer.from(text);
    written += bytes.length;
    target.write(bytes.length <= room ? bytes : Buffer.concat([bytes.subarray(0, room), Buffer.from(FULL)]));
  });
  const ended = new Promise<void>((resolve) => {
    const finish = (): void => {
      target.once('close', resolve);
      target.end();
    };
    stream.once('close', finish);
  });
  return {
    lines: () => linesOf(tail).slice(-SHOWN_LINES),
    lastLine: () => linesOf(tail).at(-1) ?? '',
    ended,
  };
}

const FULL = '\n[raft-lab: the file is full; later output is not kept]\n';

function linesOf(text: string): readonly string[] {
  return stripVTControlCharacters(text)
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
}
