/**
 * Checksums that a person can check: eight hexadecimal digits of CRC-32, as zlib, gzip and PNG compute it. CRC-32
 * detects every changed byte. It is linear, so the position of a single changed byte can be computed.
 */
import { crc32 } from 'node:zlib';

/** Returns the CRC-32 as eight lower-case hexadecimal digits. */
export function checksum(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}

/**
 * Returns the first offset at which a text deviates from a fixed form, or null. In the form, `0` matches a decimal
 * digit, `x` a lower-case hexadecimal digit, and every other character itself.
 */
export function misfit(text: string, form: string): number | null {
  for (let at = 0; at < form.length; at += 1) {
    const expected = form[at] ?? '';
    const found = text[at] ?? '';
    const fits =
      expected === '0' ? /[0-9]/.test(found) : expected === 'x' ? /[0-9a-f]/.test(found) : found === expected;
    if (!fits) return at;
  }
  return text.length === form.length ? null : form.length;
}

/**
 * Returns the offset of the single changed byte that explains why `bytes` do not have the `stated` checksum. When the
 * checksums differ in one digit, the changed byte is in the checksum itself. Otherwise the difference of the checksums
 * is traced back byte by byte from the end, until it matches a single changed byte. Returns 0 when more than one byte
 * changed.
 */
export function changedByte(
  bytes: Buffer,
  stated: string,
): { readonly of: 'content' | 'checksum'; readonly at: number } {
  const actual = checksum(bytes);
  const digits = [...actual].flatMap((digit, at) => (digit === stated[at] ? [] : [at]));
  if (digits.length === 1) return { of: 'checksum', at: digits[0] ?? 0 };
  let difference = (Number.parseInt(actual, 16) ^ Number.parseInt(stated, 16)) >>> 0;
  for (let at = bytes.length - 1; at >= 0; at -= 1) {
    if (ONE_BYTE.has(difference)) return { of: 'content', at };
    difference = beforeZeroByte(difference);
  }
  return { of: 'content', at: 0 };
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let word = byte;
  for (let bit = 0; bit < 8; bit += 1) word = word & 1 ? (word >>> 1) ^ 0xedb88320 : word >>> 1;
  return word;
});
/** All effects that a change of only the last byte can have on the checksum. */
const ONE_BYTE: ReadonlySet<number> = new Set(TABLE.subarray(1));
/** Index of the table by top byte. Top bytes are unique, so a step of the checksum can be undone. */
const BY_TOP_BYTE = Uint8Array.from({ length: 256 }, (_, top) => TABLE.findIndex((word) => word >>> 24 === top));

function beforeZeroByte(word: number): number {
  const byte = BY_TOP_BYTE[word >>> 24] ?? 0;
  return ((((word ^ (TABLE[byte] ?? 0)) << 8) >>> 0) | byte) >>> 0;
}
