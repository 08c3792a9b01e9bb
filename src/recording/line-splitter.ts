/** Cuts bytes that come in pieces into lines. A line within one piece is not copied; one that never ends is not gathered for ever. */
import { MOST_LINE_BYTES } from './line-checker.ts';

const NEWLINE = 0x0a;

/** Gathers what is left of one piece for the next. */
export class LineSplitter {
  #rest: Buffer[] = [];
  #restBytes = 0;

  /** Bytes behind the last newline. */
  get rest(): number {
    return this.#restBytes;
  }

  /** Longer than any event: reading on would only fill the memory. */
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
