/**
 * Reads the open end of a server's log without any of the server's own code, as an independent check for the Disk tab
 * and for the facts noted about a dead server. Each batch is a line: a prefix of 27 characters (byte length, checksum
 * of the length, checksum of the payload), JSON, newline. An unfinished last line is torn, or a live server is writing
 * it. Flow: disk-reader.ts → here.
 */
import { crc32 } from 'node:zlib';
import type { Json } from '../../core/vocabulary/index.ts';

/** An entry as it is in a file. Its fields are shown, not trusted. */
export interface FileEntry {
  readonly index: number;
  readonly term: number;
  readonly chain: string;
  readonly [field: string]: Json;
}

/** The contents of a tail. */
export interface TailReading {
  /** The first line, with the server's id and the first index; null when it cannot be read. */
  readonly header: Readonly<Record<string, Json>> | null;
  /** The entries that remain after every truncation, ascending. */
  readonly entries: readonly FileEntry[];
  /** Bytes of an unfinished last line. */
  readonly tornBytes: number;
  /** The first problem, as half a sentence with its byte offset; null without a problem. */
  readonly problem: string | null;
}

const PREFIX = /^(\d{8}) ([0-9a-f]{8}) ([0-9a-f]{8}) $/;
const PREFIX_BYTES = 27;
const SECTOR_BYTES = 512;

/** Reads a whole tail. Never throws: reading ends at the first invalid line, which is reported. */
export function readTail(file: Buffer): TailReading {
  const entries: FileEntry[] = [];
  let header: TailReading['header'] = null;
  let at = 0;
  const end = (problem: string | null): TailReading => ({
    header,
    entries,
    tornBytes: problem === null ? file.length - at : 0,
    problem: problem === null ? null : `${problem} (byte ${at})`,
  });
  while (at < file.length) {
    const line = readLine(file, at);
    if (line === 'torn') return at === 0 ? end('the first line is not whole') : end(null);
    if (typeof line === 'string') return end(line);
    const problem = header === null ? null : applyBatch(entries, line.payload);
    if (problem !== null) return end(problem);
    header ??= line.payload;
    at += line.bytes;
  }
  return header === null ? end('the file is empty') : end(null);
}

interface Line {
  readonly bytes: number;
  readonly payload: Readonly<Record<string, Json>>;
}

function readLine(file: Buffer, at: number): Line | 'torn' | string {
  const prefix = file.subarray(at, at + PREFIX_BYTES).toString('latin1');
  if (prefix.length < PREFIX_BYTES) return 'torn';
  const match = PREFIX.exec(prefix);
  if (match === null) return isTorn(file, at) ? 'torn' : 'a line without its prefix';
  const [, length = '', lengthSum, payloadSum] = match;
  if (checksum(Buffer.from(length)) !== lengthSum) return 'the length of a line does not fit its checksum';
  const bytes = Number(length);
  if (at + bytes > file.length) return 'torn';
  const content = file.subarray(at + PREFIX_BYTES, at + bytes - 1);
  if (checksum(content) !== payloadSum || file[at + bytes - 1] !== 0x0a) {
    // Only a last line may be torn: a line that others follow was once complete.
    return at + bytes === file.length && isTorn(file, at) ? 'torn' : 'a line does not fit its checksum';
  }
  const payload = parseObject(content.toString('utf8'));
  return payload === null ? 'a line is not JSON' : { bytes, payload };
}

/**
 * Whether a sector of the rest was never written because the power failed. Sectors are counted from the beginning of
 * the file.
 */
function isTorn(file: Buffer, at: number): boolean {
  for (let start = at; start < file.length; start = nextSector(start)) {
    if (file.subarray(start, nextSector(start)).every((byte) => byte === 0)) return true;
  }
  return false;
}

function nextSector(at: number): number {
  return (Math.floor(at / SECTOR_BYTES) + 1) * SECTOR_BYTES;
}

function applyBatch(entries: FileEntry[], batch: Readonly<Record<string, Json>>): string | null {
  const { truncateFrom, entries: added } = batch;
  if (typeof truncateFrom === 'number') {
    const kept = entries.findIndex((entry) => entry.index >= truncateFrom);
    if (kept >= 0) entries.length = kept;
  }
  if (added === undefined) return null;
  if (!Array.isArray(added)) return 'a line without a list of entries';
  for (const entry of added) {
    if (!isFileEntry(entry)) return 'an entry without index, term or chain';
    const before = entries.at(-1);
    if (before !== undefined && entry.index !== before.index + 1) {
      return `entry ${entry.index} follows entry ${before.index}`;
    }
    entries.push(entry);
  }
  return null;
}

/** Checks index, term and chain, the fields that this reader relies on. */
export function isFileEntry(value: unknown): value is FileEntry {
  const entry = value as Partial<FileEntry> | null;
  return (
    typeof entry === 'object' &&
    Number.isSafeInteger(entry?.index) &&
    Number.isSafeInteger(entry?.term) &&
    typeof entry?.chain === 'string'
  );
}

/** Parses JSON text as an object; null for anything else. */
export function parseObject(text: string): Readonly<Record<string, Json>> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, Json>>) : null;
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}

/** CRC-32 as eight lower-case hexadecimal digits, as in the files. */
export function checksum(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}
