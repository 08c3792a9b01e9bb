/**
 * One line of a tail: a prefix of fixed width, a JSON payload, a newline. The prefix holds the line's own length and
 * two checksums, which distinguish a line that was never finished (torn) from one that was changed (damaged).
 *
 *     00000143 5a1c9e02 c00ff1ee {"line":3,"generation":2,"entries":[…]}⏎
 *     length   of the   of the   payload
 *              length   payload
 */
import { changedByte, checksum, misfit } from './checksum.ts';
import type { DamageKind } from './damage.ts';

/** Sector size in bytes. A disk writes whole sectors, so a power cut keeps or loses whole sectors. */
const SECTOR_BYTES = 512;
/** Length of a prefix such as `00000143 5a1c9e02 c00ff1ee `, which ends with a space. */
export const PREFIX_BYTES = 27;
const MAX_LINE_BYTES = 99_999_999;

/** A complete line that fits its checksums. */
export interface ScannedLine {
  /** Offset in the file at which the line begins. */
  readonly at: number;
  /** Length in bytes, prefix and newline included. */
  readonly bytes: number;
  readonly payload: string;
}

/** All lines of a file and the offset of a torn last line, or the first byte that does not fit. */
export type TailScan =
  | { readonly ok: true; readonly lines: readonly ScannedLine[]; readonly tornAt: number | null }
  | { readonly ok: false; readonly kind: DamageKind; readonly offset: number; readonly reason: string };

/**
 * Encodes a line.
 *
 * @param payload  JSON text without a newline
 * @param at  the byte of the file where the line will begin
 */
export function encodeLine(payload: string, at: number): Buffer {
  const content = Buffer.from(padded(payload, at));
  const bytes = PREFIX_BYTES + content.length + 1;
  if (bytes > MAX_LINE_BYTES) throw new RangeError(`a tail line of ${bytes} bytes is longer than its length field`);
  const length = String(bytes).padStart(8, '0');
  const prefix = `${length} ${checksum(Buffer.from(length))} ${checksum(content)} `;
  return Buffer.concat([Buffer.from(prefix), content, Buffer.from('\n')]);
}

/**
 * Returns all complete lines of a tail. An unfinished last line is torn: the file ends inside its prefix or before its
 * stated length, or a sector of it was never written. Any other deviation is damage. The first line, the header, is
 * written by a rename and is never torn.
 */
export function scanTail(file: Buffer): TailScan {
  if (file.length === 0) return { ok: false, kind: 'empty', offset: 0, reason: 'it has no bytes' };
  const lines: ScannedLine[] = [];
  let at = 0;
  while (at < file.length) {
    const line = readLine(file, at);
    if ('reason' in line) {
      if (at > 0 && isTorn(file, at)) return { ok: true, lines, tornAt: at };
      return { ok: false, kind: 'damaged', ...line };
    }
    lines.push(line);
    at += line.bytes;
  }
  return { ok: true, lines, tornAt: null };
}

/**
 * Pads a line with one space when a sector would hold only one of its bytes. The loss of that sector would look like a
 * changed byte. The space goes to the end of the payload, so that neither the newline nor the next line's first byte is
 * alone in a sector.
 */
function padded(payload: string, at: number): string {
  const rest = (at + PREFIX_BYTES + Buffer.byteLength(payload) + 1) % SECTOR_BYTES;
  return rest === 1 || rest === SECTOR_BYTES - 1 ? `${payload} ` : payload;
}

interface LineFault {
  readonly offset: number;
  readonly reason: string;
}

const PREFIX_FORM = '00000000 xxxxxxxx xxxxxxxx ';
const LENGTH_SUM_AT = 9;
const PAYLOAD_SUM_AT = 18;

/** Returns the line's stated length when its prefix is complete and fits its own checksum. */
function readPrefix(file: Buffer, at: number): { readonly bytes: number; readonly payloadSum: string } | LineFault {
  const prefix = file.toString('latin1', at, at + PREFIX_BYTES);
  const unlike = misfit(prefix, PREFIX_FORM);
  if (unlike !== null) return { offset: at + unlike, reason: 'no length and checksums where a line begins' };
  const length = Buffer.from(prefix.slice(0, 8));
  const lengthSum = prefix.slice(LENGTH_SUM_AT, LENGTH_SUM_AT + 8);
  if (checksum(length) !== lengthSum) {
    const changed = changedByte(length, lengthSum);
    const offset = at + changed.at + (changed.of === 'content' ? 0 : LENGTH_SUM_AT);
    return { offset, reason: "a line's length does not have its checksum" };
  }
  const bytes = Number(prefix.slice(0, 8));
  if (bytes <= PREFIX_BYTES + 1) return { offset: at, reason: 'a line without a payload' };
  return { bytes, payloadSum: prefix.slice(PAYLOAD_SUM_AT, PAYLOAD_SUM_AT + 8) };
}

function readLine(file: Buffer, at: number): ScannedLine | LineFault {
  const prefix = readPrefix(file, at);
  if ('reason' in prefix) return prefix;
  const end = at + prefix.bytes;
  if (end > file.length) return { offset: file.length, reason: `a line of ${prefix.bytes} bytes ends too early` };
  const payload = file.subarray(at + PREFIX_BYTES, end - 1);
  const actual = checksum(payload);
  if (actual !== prefix.payloadSum) {
    const changed = changedByte(payload, prefix.payloadSum);
    const offset = at + changed.at + (changed.of === 'content' ? PREFIX_BYTES : PAYLOAD_SUM_AT);
    return { offset, reason: `a line's content has the checksum ${actual}, it should be ${prefix.payloadSum}` };
  }
  if (file[end - 1] !== 0x0a) return { offset: end - 1, reason: 'a line does not end with a newline' };
  return { at, bytes: prefix.bytes, payload: payload.toString('utf8') };
}

/** Whether the unreadable line that begins at `at` is torn. */
function isTorn(file: Buffer, at: number): boolean {
  const newline = file.indexOf(0x0a, at);
  // A newline ends a line, so a byte after it belongs to a later line. Only the last line can be torn.
  if (newline >= 0 && newline < file.length - 1) return false;
  if (hasUnwrittenSector(file, at)) return true;
  if (newline >= 0) return false;
  if (file.length - at <= PREFIX_BYTES) return /^[0-9a-f ]*$/.test(file.toString('latin1', at));
  const prefix = readPrefix(file, at);
  return !('reason' in prefix) && at + prefix.bytes > file.length;
}

/**
 * Whether one sector of the line holds only NULs. JSON never holds a NUL. A single NUL is a changed byte, not an
 * unwritten sector.
 */
function hasUnwrittenSector(file: Buffer, at: number): boolean {
  for (let sector = at - (at % SECTOR_BYTES); sector < file.length; sector += SECTOR_BYTES) {
    const part = file.subarray(Math.max(at, sector), Math.min(file.length, sector + SECTOR_BYTES));
    if (part.length > 1 && part.every((byte) => byte === 0)) return true;
  }
  return false;
}
