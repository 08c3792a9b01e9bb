/**
 * Output of the terminal's programs. Recordings, scenarios and histories come from others: control characters in
 * them are shown and never obeyed. In JSON the result is the same value, since a sign becomes its own escape there.
 */
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { plainText } from '../lab/error-sentence.ts';

/** A line on stdout: what was asked for. */
export function printLine(line: string): void {
  console.log(plainText(line));
}

/**
 * Bytes on stdout as they are, for a program or a file that reads them; for a terminal control characters are shown. Resolves
 * as well when stdout takes no more: `watchOutput` knows whether that is a failure. Rejects when the bytes cannot be read.
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
    // Half of a line end is kept until its other half comes.
    rest = text.endsWith('\r') ? '\r' : '';
    yield withoutReturns(rest === '' ? text : text.slice(0, -1));
  }
  yield withoutReturns(rest + decoder.decode());
}

/** A table ends its lines with CR LF: those are no control characters that anybody wrote. */
function withoutReturns(text: string): string {
  return plainText(text.replaceAll('\r\n', '\n'));
}

/** A line on stderr: progress and problems. */
export function noteLine(line: string): void {
  console.error(plainText(line));
}
