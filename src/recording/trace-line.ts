/**
 * Writes and parses the bytes of one line of events.jsonl. A line is an event as JSON. Its last field is the checksum of
 * everything before that field.
 *
 *     {"seq":1,…,"reason":"closed","crc":1838262340}
 *     |---------- content ---------|
 *
 * The content is the result of `JSON.stringify` without its last brace. Flow: recorder → here → file → here → line-checker.
 */
import { crc32 } from 'node:zlib';

const MARK = ',"crc":';
const MARK_BYTES = Buffer.from(MARK);
/** Number of digits of 2^32 - 1. */
const MOST_DIGITS = 10;
const [ZERO, NINE, BRACE] = [0x30, 0x39, 0x7d];

/** The checksum field at the end of a line. */
export interface LineSeal {
  /** Bytes before the field `crc`. */
  readonly contentBytes: number;
  readonly crc: number;
}

/**
 * Returns the line of an event, with its checksum and newline.
 *
 * @param json  a non-empty object as `JSON.stringify` returns it
 */
export function sealedLine(json: string): string {
  const content = json.slice(0, -1);
  return `${content}${MARK}${crc32(content)}}\n`;
}

/** Returns the checksum in a line that `sealedLine` made. */
export function crcIn(line: string): number {
  return Number(line.slice(line.lastIndexOf(':') + 1, -2));
}

/**
 * Reads the last field of a line without its newline. Does not compare the checksum.
 *
 * @returns null when the field is not a checksum
 */
export function sealOf(line: Buffer): LineSeal | null {
  const end = line.length - 1;
  if (line[end] !== BRACE) return null;
  let at = end;
  let crc = 0;
  for (let unit = 1; at > 0 && end - at < MOST_DIGITS; unit *= 10) {
    const digit = line[at - 1] ?? 0;
    if (digit < ZERO || digit > NINE) break;
    crc += (digit - ZERO) * unit;
    at -= 1;
  }
  const digits = end - at;
  const contentBytes = at - MARK_BYTES.length;
  const isNumber = digits > 0 && (digits === 1 || line[at] !== ZERO);
  return isNumber && contentBytes > 0 && isMarkedAt(line, contentBytes) ? { contentBytes, crc } : null;
}

function isMarkedAt(line: Buffer, start: number): boolean {
  for (let at = 0; at < MARK_BYTES.length; at += 1) if (line[start + at] !== MARK_BYTES[at]) return false;
  return true;
}

/** Computes the checksum of a line's content. */
export function crcOf(line: Buffer, { contentBytes }: LineSeal): number {
  return crc32(line.subarray(0, contentBytes));
}

/** Returns the event of a line as JSON, without its checksum. */
export function jsonOf(line: Buffer, seal: LineSeal | null): string {
  return seal === null ? line.toString('utf8') : `${line.toString('utf8', 0, seal.contentBytes)}}`;
}
