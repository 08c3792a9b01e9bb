/**
 * Writes lines and bytes on stdout and stderr. Recordings, scenarios and histories may come from strangers, so control
 * characters in them are shown as text instead of being passed to the terminal. A JSON document keeps its value,
 * because there such a character is shown as its JSON escape.
 */
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { plainText } from '../lab/error-sentence.ts';

/** Writes a line on stdout: a result. */
export function printLine(line: string): void {
  console.log(plainText(line));
}

/**
 * Writes bytes on stdout: unchanged for a program or a file, with control characters shown for a terminal. Resolves
 * also when stdout accepts no more bytes, because `watchOutput` decides whether that is a failure. Rejects when the
 * bytes cannot be read.
 */
export async function printBytes(
  bytes: Readable,
  stdout: Writable & { readonly isTTY?: boolean } = process.stdout,
): Promise<void> {
  let isLost = false;
  const lose = (): void => {
    isLost = true;
  };
  stdout.once('error', lose);
  try {
    if (stdout.isTTY === true) await pipeline(bytes, shown, stdout, { end: false });
    else await pipeline(bytes, stdout, { end: false });
  } catch (problem) {
    if (!isLost) throw problem;
  } finally {
    stdout.off('error', lose);
  }
}

async function* shown(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const text = rest + decoder.decode(chunk, { stream: true });
    // The second half of a CR LF may be in the next piece.
    rest = text.endsWith('\r') ? '\r' : '';
    yield withoutReturns(rest === '' ? text : text.slice(0, -1));
  }
  yield withoutReturns(rest + decoder.decode());
}

/** Shows control characters, except the CR LF that ends each line of a table. */
function withoutReturns(text: string): string {
  return plainText(text.replaceAll('\r\n', '\n'));
}

/** Writes a line on stderr: progress and problems. */
export function noteLine(line: string): void {
  console.error(plainText(line));
}
