/**
 * Reads a server's folder without any of the server's own code, while the server runs or not. The Disk tab uses it, and
 * so does `DiskObserved`, the lab's own record of a dead server's files, made before the server may start again. The
 * reader tolerates a server that writes or seals meanwhile.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiskView } from '../../core/lab-api/index.ts';
import type { Json } from '../../core/vocabulary/index.ts';
import { openForeignFile } from '../../program/foreign-file.ts';
import { newestSealed, readSealed } from './sealed-file.ts';
import { type FileEntry, readTail } from './tail-reader.ts';

/** The result of reading a folder. `chain` is null when the log's end could not be read. */
export interface DiskReading extends Omit<DiskView, 'server' | 'durability'> {
  readonly term: number | null;
  readonly votedFor: string | null;
  readonly chain: string | null;
}

/** Number of entries that the Disk tab shows. */
const SHOWN_ENTRIES = 50;
/** Number of attempts. A live server may seal or append during one. */
const LOOKS = 4;
const LOOK_AGAIN_MS = 25;

/**
 * Reads a folder.
 *
 * @param folder  holds state.json and log/
 * @param isLive  the server runs: an unfinished last line is no damage, and problems are checked again
 * @returns the content of the files and the problems found; damaged files never throw
 * @throws LabProblem not-a-file when a pipe, a device or a folder has the name of a file
 */
export async function readDisk(folder: string, isLive: boolean): Promise<DiskReading> {
  let reading = await readOnce(folder);
  for (let look = 1; isLive && look < LOOKS && reading.tornBytes + reading.problems.length > 0; look += 1) {
    await new Promise((resume) => setTimeout(resume, LOOK_AGAIN_MS));
    reading = await readOnce(folder);
  }
  // An unfinished line belongs to a write under way, or to a server that was frozen during a write.
  return isLive ? { ...reading, tornBytes: 0 } : reading;
}

/** Reads all readable entries in the files of a server that does not run, in ascending order. */
export async function readWholeLog(folder: string): Promise<readonly FileEntry[]> {
  const { entries } = await readLog(join(folder, 'log'), [], Number.POSITIVE_INFINITY);
  return entries;
}

/**
 * Reads the entries from this index on in the files of a server, running or not, in ascending order. Reads only the
 * files that hold them.
 *
 * @returns the readable entries, the last sealed index, and the problems that remained after several attempts
 */
export async function readLogFrom(
  folder: string,
  from: number,
): Promise<{
  readonly entries: readonly FileEntry[];
  readonly sealedLast: number;
  readonly problems: readonly string[];
}> {
  for (let look = 1; ; look += 1) {
    const problems: string[] = [];
    const newest = await readLog(join(folder, 'log'), problems, 1);
    const wanted = Math.max(1, newest.lastIndex - from + 1);
    const { entries, sealedLast } = await readLog(join(folder, 'log'), problems, wanted);
    if (problems.length === 0 || look === LOOKS) return { entries, sealedLast, problems };
    await new Promise((resume) => setTimeout(resume, LOOK_AGAIN_MS));
  }
}

async function readOnce(folder: string): Promise<DiskReading> {
  const problems: string[] = [];
  const state = await readState(folder, problems);
  const { sealedLast: _, ...log } = await readLog(join(folder, 'log'), problems, SHOWN_ENTRIES);
  return {
    folder,
    files: await listFiles(folder),
    state: state.value,
    stateText: state.text,
    term: typeof state.value?.currentTerm === 'number' ? state.value.currentTerm : null,
    votedFor: typeof state.value?.votedFor === 'string' ? state.value.votedFor : null,
    ...log,
    problems,
  };
}

async function readState(
  folder: string,
  problems: string[],
): Promise<{ readonly value: Readonly<Record<string, Json>> | null; readonly text: string }> {
  const bytes = await readIfThere(join(folder, 'state.json'));
  if (bytes === null) {
    problems.push('state.json is not there');
    return { value: null, text: '' };
  }
  const text = bytes.toString('utf8');
  const value = readSealed(bytes);
  if (value === null) problems.push('state.json does not fit its own checksum');
  return { value, text };
}

interface LogReading {
  readonly entries: readonly FileEntry[];
  readonly lastIndex: number;
  readonly chain: string | null;
  readonly tornBytes: number;
  /** Index of the last sealed entry; 0 without sealed files. */
  readonly sealedLast: number;
}

/** Reads the newest entries. @param wanted  number of entries */
async function readLog(folder: string, problems: string[], wanted: number): Promise<LogReading> {
  const { names, first, bytes } = await newestTail(folder);
  const segments = firstIndexes(names, /^(\d+)\.json$/);
  if (first === undefined || bytes === null) {
    problems.push('the log has no tail');
    return { entries: [], lastIndex: 0, chain: null, tornBytes: 0, sealedLast: 0 };
  }
  const tail = readTail(bytes);
  if (tail.problem !== null) problems.push(`log/tail-${first}.jsonl: ${tail.problem}`);
  const sealed = await sealedBefore({ folder, segments, first, wanted: wanted - tail.entries.length, problems });
  const entries = [...sealed, ...tail.entries].slice(-wanted);
  const last = entries.at(-1);
  const previousChain = tail.header?.previousChain;
  return {
    entries,
    lastIndex: last?.index ?? 0,
    chain: tail.problem !== null ? null : (last?.chain ?? (typeof previousChain === 'string' ? previousChain : null)),
    tornBytes: tail.tornBytes,
    sealedLast: first - 1,
  };
}

/** Opens the newest tail. Lists the folder again when the tail has disappeared, because a newer tail replaced it. */
async function newestTail(folder: string) {
  for (;;) {
    const names = await namesIn(folder);
    const first = firstIndexes(names, /^tail-(\d+)\.jsonl$/).at(-1);
    const bytes = first === undefined ? null : await readIfThere(join(folder, `tail-${first}.jsonl`));
    if (first === undefined || bytes !== null) return { names, first, bytes };
  }
}

/** Returns the last `wanted` sealed entries below the tail's first entry, and whether the two parts are contiguous. */
async function sealedBefore(at: {
  readonly folder: string;
  readonly segments: readonly number[];
  readonly first: number;
  readonly wanted: number;
  readonly problems: string[];
}): Promise<readonly FileEntry[]> {
  let found: readonly FileEntry[] = [];
  let next = at.first;
  for (const start of at.segments.toReversed()) {
    // The segment is sealed and its tail not yet replaced: the tail holds the same entries.
    if (start >= next) continue;
    if (found.length > 0 && found.length >= at.wanted) break;
    const name = `log/${start}.json`;
    const bytes = await readIfThere(join(at.folder, `${start}.json`));
    const below = bytes && newestSealed(bytes, { below: next, wanted: Math.max(1, at.wanted - found.length) });
    if (below === null) {
      at.problems.push(`${name} does not fit its own checksum`);
      return found;
    }
    if (below.at(-1)?.index !== next - 1) at.problems.push(`${name} does not reach entry ${next - 1}`);
    found = [...below, ...found];
    next = start;
  }
  if (next > 1 && at.segments.length === 0) at.problems.push(`the log begins at entry ${next}`);
  return found;
}

function firstIndexes(names: readonly string[], pattern: RegExp): readonly number[] {
  return names
    .flatMap((name) => pattern.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

async function listFiles(folder: string): Promise<DiskView['files']> {
  const paths = [...(await namesIn(folder)), ...(await namesIn(join(folder, 'log'))).map((name) => `log/${name}`)];
  const files = await Promise.all(
    paths
      .filter((path) => /^(?:state\.json|log\/(?:tail-)?\d+\.jsonl?)$/.test(path))
      .sort()
      .map(async (path) => {
        const info = await ifThere(stat(join(folder, path)));
        return info === null ? [] : [{ path, bytes: info.size, modifiedAt: info.mtime.toISOString() }];
      }),
  );
  return files.flat();
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await ifThere(readdir(folder))) ?? [];
}

async function readIfThere(path: string): Promise<Buffer | null> {
  return await ifThere(readRegular(path));
}

/** Reads a regular file only, because the folder may belong to a stranger's recording. */
async function readRegular(path: string): Promise<Buffer> {
  const file = await openForeignFile(path);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Resolves with null for a missing file, because a live server replaces files. */
async function ifThere<Value>(work: Promise<Value>): Promise<Value | null> {
  try {
    return await work;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
}
