/**
 * Cuts a stream of bytes into lines. A line within one piece is not copied; a line without an end is not collected
 * without limit.
 */
import { MOST_LINE_BYTES } from './line-checker.ts';

const NEWLINE = 0x0a;

/** Keeps the rest of one piece for the next. */
export class LineSplitter {
  #rest: Buffer[] = [];
  #restBytes = 0;

  /** Bytes after the last newline. */
  get rest(): number {
    return this.#restBytes;
  }

  /** Whether the rest is longer than any event: reading on would only fill the memory. */
  get isTooLong(): boolean {
    return this.#restBytes > MOST_LINE_BYTES;
  }

  /**
   * @param piece  may be written to again when this returns
   * @returns the lines that end in it, without their newlines, each valid until the next one is asked for
   */
  *split(piece: Buffer): Generator<Buffer, undefined, undefined> {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      const tail = piece.subarray(start, end);
      start = end + 1;
      yield this.#restBytes === 0 ? tail : this.#joined(tail);
    }
    if (start === piece.length) return;
    this.#rest.push(Buffer.from(piece.subarray(start)));
    this.#restBytes += piece.length - start;
  }

  #joined(tail: Buffer): Buffer {
    const line = Buffer.concat([...this.#rest, tail]);
    this.#rest = [];
    this.#restBytes = 0;
    return line;
  }
}
