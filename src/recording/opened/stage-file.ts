/**
 * Copies an exported recording into a run folder of its own below `opened` in the data folder, so that it opens like
 * any other run. The file itself is only read, and it may change or vanish afterwards. The copy has neither a byte
 * order mark nor CRLF line ends. It is removed when the recording is closed; copies of a crashed lab are removed at a
 * later start. Flow: bytes of a file or an upload → here → openRun.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LabProblem } from '../../core/lab-api/lab-problem.ts';
import { TRACE_VERSION } from '../../core/trace/index.ts';
import { makeFolder } from '../../program/make-folder.ts';
import { inMib } from '../free-space.ts';
import { lockHolder, lockRun } from '../lock.ts';
import { writeManifest } from '../manifest.ts';
import { assertRoom } from '../room.ts';
import { runPaths } from '../run-paths.ts';
import { BYTE_ORDER_MARK, HEAD_BYTES, type Recognised, recognise } from './recognise.ts';

/** Maximum size of a recording that is opened from a file, bytes. `raft-lab check` judges larger ones. */
export const MAX_OPENED_BYTES = 2 * 1024 ** 3;
/**
 * Number of copied bytes after which the free space is checked again. A copy exceeds the limit by at most this many
 * bytes.
 */
const LOOK_EVERY_BYTES = 16 * 1024 ** 2;
/**
 * Minimum age of a folder that may be removed, milliseconds. A younger one without a lock may belong to a lab that is
 * about to lock it.
 */
const YOUNG_MS = 60_000;
const FOLDER = 'opened';
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** A copy that can be opened. */
export interface StagedFile {
  /** A run folder with manifest.json and events.jsonl, without server files. */
  readonly folder: string;
  /** Name of the original file, for the screen. */
  readonly name: string;
  /** Removes the copy. Never rejects. */
  discard(): Promise<void>;
}

/** The bytes and the name of a recording that a person chose or uploaded. */
export interface OpenedSource {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Copies the recording.
 *
 * @param into  a data folder; created when it is missing
 * @throws LabProblem as problemOf, recording-too-large, disk-nearly-full; the file system's error
 */
export async function stageFile(into: string, source: OpenedSource): Promise<StagedFile> {
  const top = join(into, FOLDER);
  await makeFolder(top);
  const runId = `opened-${randomBytes(8).toString('hex')}`;
  const folder = join(top, runId);
  await mkdir(folder, { mode: 0o700 });
  const locked = await lockRun(folder);
  const discard = async (): Promise<void> => {
    if (locked.ok) await locked.lock.release().catch(() => undefined);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch((problem: unknown) => {
      process.emitWarning(`The copy of an opened recording was not removed: ${String(problem)}`, 'RaftLab');
    });
  };
  try {
    await copy(folder, runId, source);
    return { folder, name: source.name, discard };
  } catch (problem) {
    await discard();
    throw problem;
  }
}

async function copy(folder: string, runId: string, { name, bytes }: OpenedSource): Promise<void> {
  const target = await open(runPaths(folder).events, 'wx', 0o600);
  let head: Buffer | null = Buffer.alloc(0);
  const cleaner = createCleaner();
  const room = createRoom(folder, name);
  const take = async (piece: Buffer): Promise<void> => {
    await room.take(piece.length);
    const clean = cleaner.clean(piece);
    if (clean.length > 0) await target.writeFile(clean);
  };
  const begin = async (first: Buffer): Promise<void> => {
    const found = recognise(first.subarray(0, HEAD_BYTES));
    if (found.kind !== 'recording') throw problemOf(name, found);
    const { startedAt: createdAt, ...start } = found.start;
    await writeManifest(folder, { runId, createdAt, ...start });
    await take(first);
  };
  try {
    for await (const piece of bytes) {
      if (head === null) await take(Buffer.from(piece));
      else {
        head = Buffer.concat([head, piece]);
        // Decide as early as possible, so that a file of another kind is not read to its end.
        if (head.length < HEAD_BYTES && !head.includes(NEWLINE)) continue;
        await begin(head);
        head = null;
      }
    }
    if (head !== null) await begin(head);
    const rest = cleaner.end();
    if (rest.length > 0) await target.writeFile(rest);
  } finally {
    await target.close();
  }
}

/** Returns the error for a file that is not a recording. */
export function problemOf(name: string, found: Exclude<Recognised, { readonly kind: 'recording' }>): LabProblem {
  const file = name;
  switch (found.kind) {
    case 'later':
      return new LabProblem('recording-later', { file, version: found.version, reads: TRACE_VERSION });
    case 'damaged':
      return new LabProblem('file-damaged', { file });
    case 'empty':
      return new LabProblem('recording-empty', { file });
    case 'compressed':
      return new LabProblem('recording-compressed', { file });
    case 'utf16':
      return new LabProblem('not-utf8', { file, line: 1 });
    case 'other':
      return new LabProblem('not-a-recording', { file });
  }
}

/** Limits the copy. `take` throws when the file is too large or the disk too full. */
function createRoom(folder: string, file: string): { take(bytes: number): Promise<void> } {
  let taken = 0;
  let lookAt = 0;
  return {
    take: async (bytes) => {
      taken += bytes;
      if (taken > MAX_OPENED_BYTES)
        throw new LabProblem('recording-too-large', { file, most: inMib(MAX_OPENED_BYTES) });
      if (taken < lookAt) return;
      lookAt = taken + LOOK_EVERY_BYTES;
      await assertRoom(folder);
    },
  };
}

/** Removes a byte order mark at the beginning of a stream of bytes, and every carriage return before a line feed. */
function createCleaner(): { clean(piece: Buffer): Buffer; end(): Buffer } {
  let isFirst = true;
  /** Whether the last byte was a carriage return. It is removed if a line feed follows. */
  let heldReturn = false;
  return {
    clean: (piece) => {
      const hasMark = isFirst && piece.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
      isFirst = false;
      const own = hasMark ? piece.subarray(BYTE_ORDER_MARK.length) : piece;
      if (!heldReturn && !own.includes(RETURN)) return own;
      const bytes = heldReturn ? Buffer.concat([Buffer.from([RETURN]), own]) : own;
      heldReturn = bytes.at(-1) === RETURN;
      return withoutReturns(heldReturn ? bytes.subarray(0, -1) : bytes);
    },
    end: () => (heldReturn ? Buffer.from([RETURN]) : Buffer.alloc(0)),
  };
}

function withoutReturns(bytes: Buffer): Buffer {
  const clean = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === RETURN && bytes[at + 1] === NEWLINE) continue;
    clean[length] = bytes[at] ?? 0;
    length += 1;
  }
  return clean.subarray(0, length);
}

/** Removes the copies whose lab is gone. Never rejects. */
export async function sweepStaged(dataFolder: string): Promise<void> {
  const top = join(dataFolder, FOLDER);
  for (const name of await readdir(top).catch(() => [])) {
    const folder = join(top, name);
    const found = await stat(folder).catch(() => null);
    // The difference counts in both directions, because folders may be dated in the future after a clock was set back.
    if (found === null || Math.abs(Date.now() - found.mtimeMs) < YOUNG_MS) continue;
    const holder = await lockHolder(runPaths(folder).lock).catch(() => null);
    if (holder === null) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}
