/**
 * Splits a stream of bytes into lines. A line within one piece is not copied. `isTooLong` reports a line without an
 * end, so that a reader can stop before it fills the memory.
 */
import { MOST_LINE_BYTES } from './line-checker.ts';

const NEWLINE = 0x0a;

/** Splits pieces into lines and keeps the incomplete end of a piece for the next one. */
export class LineSplitter {
  #rest: Buffer[] = [];
  #restBytes = 0;

  /** Bytes after the last newline. */
  get rest(): number {
    return this.#restBytes;
  }

  /** Whether the incomplete line is longer than any event may be. The caller must stop reading then. */
  get isTooLong(): boolean {
    return this.#restBytes > MOST_LINE_BYTES;
  }

  /**
   * Splits the next piece.
   *
   * @param piece  may be overwritten once the generator has ended
   * @returns the lines that end in this piece, without newlines; each is valid until the next one is taken
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
