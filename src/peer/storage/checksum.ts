/**
 * Checksums a person can check: eight hexadecimal digits of CRC-32, as zlib, gzip and PNG compute it. It finds every
 * flipped byte; and because it is linear, it can also say which byte that was.
 */
import { crc32 } from 'node:zlib';

/** CRC-32 as eight lower-case hexadecimal digits. */
export function checksum(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}

/** `abcdef01` and nothing else: upper case would be a second way to write the same. */
export function isChecksum(text: string): boolean {
  return /^[0-9a-f]{8}$/.test(text);
}

/**
 * Where one changed byte would explain that `bytes` have another checksum than the `expected` one: the difference of
 * the two checksums, taken back byte by byte from the end, meets a pattern only a single byte leaves behind.
 *
 * @returns the offset in `bytes`, or 0 when no single byte explains it
 */
export function changedByte(bytes: Buffer, expected: string): number {
  let difference = (crc32(bytes) ^ Number.parseInt(expected, 16)) >>> 0;
  for (let at = bytes.length - 1; at >= 0; at -= 1) {
    if (ONE_BYTE.has(difference)) return at;
    difference = beforeZeroByte(difference);
  }
  return 0;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let word = byte;
  for (let bit = 0; bit < 8; bit += 1) word = word & 1 ? (word >>> 1) ^ 0xedb88320 : word >>> 1;
  return word;
});
/** What a change in the very last byte does to the checksum. */
const ONE_BYTE: ReadonlySet<number> = new Set(TABLE.subarray(1));
/** The table's entries differ in their top byte, so a step can be undone. */
const BY_TOP_BYTE = Uint8Array.from({ length: 256 }, (_, top) => TABLE.findIndex((word) => word >>> 24 === top));

function beforeZeroByte(word: number): number {
  const byte = BY_TOP_BYTE[word >>> 24] ?? 0;
  return ((((word ^ (TABLE[byte] ?? 0)) << 8) >>> 0) | byte) >>> 0;
}
