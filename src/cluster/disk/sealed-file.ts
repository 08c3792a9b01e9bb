/**
 * Files of a server that end in a checksum of all bytes before it: state.json and the sealed segments. Only the newest
 * entries of a segment are parsed, because parsing a segment of several megabytes would block the lab's thread. Flow:
 * disk-reader.ts → here.
 */
import type { Json } from '../../core/vocabulary/index.ts';
import { checksum, type FileEntry, isFileEntry, parseObject } from './tail-reader.ts';

const SEAL = /,\n {2}"checksum": "([0-9a-f]{8})"\n\}\n$/;
const NEWLINE = 0x0a;
/** The line after the last entry. Each entry has a line of its own. */
const END_OF_ENTRIES = '  ]';
const BEGIN_OF_ENTRIES = '  "entries": [';

/** Reads a whole document. Returns null when it is not JSON or does not match its checksum. */
export function readSealed(bytes: Buffer): Readonly<Record<string, Json>> | null {
  return sealedBody(bytes) === null ? null : parseObject(bytes.toString('utf8'));
}

/**
 * Reads the newest entries of a segment, in ascending order.
 *
 * @param below  only entries with a lower index
 * @param wanted  maximum number of entries, at least 1
 * @returns null when the file does not match its checksum, or is no segment
 */
export function newestSealed(bytes: Buffer, { below, wanted }: { readonly below: number; readonly wanted: number }) {
  const body = sealedBody(bytes);
  if (body === null) return null;
  const newestFirst: FileEntry[] = [];
  let isEntry = false;
  for (const line of linesFromEnd(body)) {
    if (line === BEGIN_OF_ENTRIES) return newestFirst.reverse();
    if (isEntry) {
      const entry: unknown = parseObject(line.endsWith(',') ? line.slice(0, -1) : line);
      if (!isFileEntry(entry)) return null;
      if (entry.index < below) newestFirst.push(entry);
      if (newestFirst.length >= wanted) return newestFirst.reverse();
    } else if (line !== END_OF_ENTRIES) return null;
    isEntry = true;
  }
  return null;
}

/** Returns the bytes before the checksum; null when the checksum does not match them. */
function sealedBody(bytes: Buffer): Buffer | null {
  const seal = SEAL.exec(bytes.subarray(-64).toString('latin1'));
  if (seal === null) return null;
  const body = bytes.subarray(0, bytes.length - seal[0].length);
  return checksum(body) === seal[1] ? body : null;
}

function* linesFromEnd(body: Buffer): Generator<string> {
  let end = body.length;
  while (end >= 0) {
    const newline = end === 0 ? -1 : body.lastIndexOf(NEWLINE, end - 1);
    yield body.toString('utf8', newline + 1, end);
    end = newline;
  }
}
