/**
 * The lowdb adapter of a tail, `log/tail-<first>.jsonl`: data is a header and the batches since, and a write appends
 * the batches it has not written yet, one line each, with one write and one fsync. A new tail arrives whole, by rename.
 */
import { type Adapter, Low } from 'lowdb';
import type { Chain, Json, LogEntry, LogIndex } from '../../core/raft/types.ts';
import { isProblem, parseLogEntry } from '../../core/wire/index.ts';
import { type Place, syncLogFolder } from './adapters.ts';
import { StorageDamaged } from './damage.ts';
import type { OpenFile } from './disk.ts';
import { describedWrongly, entryText } from './documents.ts';
import type { FORMAT_VERSION, Owner } from './layout.ts';
import { replaceFile } from './replace.ts';
import { encodeLine, type ScannedLine, scanTail } from './tail-line.ts';
import type { TornTail } from './types.ts';

/** The first line. */
export interface TailHeader extends Owner {
  readonly format: 'raft-lab tail';
  readonly version: typeof FORMAT_VERSION;
  /** Index the first entry of this tail has or will have. */
  readonly first: LogIndex;
  /** Chain of the entry before `first`. */
  readonly previousChain: Chain;
  /** Generation of state.json when the tail was made. */
  readonly generation: number;
}

/** Every other line: one `Persist`. Without truncation and entries it only bears witness to a new state.json. */
export interface TailBatch {
  /** Generation of state.json this was written under. */
  readonly generation: number;
  readonly truncateFrom: LogIndex | null;
  readonly entries: readonly LogEntry[];
}

export interface TailData {
  readonly header: TailHeader;
  /** The storage adds to it, the adapter writes what was added. */
  readonly batches: TailBatch[];
}

export interface TailFile {
  readonly path: string;
  /** lowdb's handle on it: `data` is null until the file was read or made. */
  readonly low: Low<TailData | null>;
  /** Bytes of complete lines. */
  size(): number;
  /** Where batch `n` (0, 1, …) begins, or the end of the file for the next one. */
  startOf(batch: number): number;
  /** Set by a read that met an unfinished last line. */
  torn(): TornTail | null;
  /** Cuts the unfinished line, durably. */
  cut(): void;
  /** Makes what was read as durable as what is written. */
  sync(): void;
  close(): void;
}

export function tailFile(place: Place, path: string): TailFile {
  const { disk } = place;
  let file: OpenFile | null = null;
  let starts: number[] = [];
  let size = 0;
  let torn: TornTail | null = null;
  const handle = (): OpenFile => {
    file ??= disk.open(path);
    return file;
  };
  const append = (data: TailData): void => {
    const fresh = data.batches.slice(starts.length);
    for (const batch of fresh) {
      const line = encodeLine(batchText(starts.length + 1, batch), size);
      handle().append(line);
      if (place.isDurable) handle().sync();
      starts.push(size);
      size += line.length;
    }
  };
  const create = (data: TailData): void => {
    const lines = [encodeLine(JSON.stringify(data.header), 0)];
    size = lines[0]?.length ?? 0;
    for (const batch of data.batches) {
      const line = encodeLine(batchText(starts.length + 1, batch), size);
      lines.push(line);
      starts.push(size);
      size += line.length;
    }
    replaceFile(disk, path, Buffer.concat(lines), place.isDurable);
    syncLogFolder(place);
  };
  const adapter: Adapter<TailData | null> = {
    read: async () => {
      const bytes = disk.read(path);
      if (bytes === null) return null;
      const scan = scanTail(bytes);
      if (!scan.ok) throw new StorageDamaged({ ...scan, file: disk.locate(path) });
      const [first, ...rest] = scan.lines;
      if (first === undefined) throw new Error('a scan without damage has a header');
      starts = rest.map((line) => line.at);
      size = scan.tornAt ?? bytes.length;
      torn = scan.tornAt === null ? null : { file: path, offset: scan.tornAt, bytes: bytes.length - scan.tornAt };
      return decodeTail({ first, rest, file: disk.locate(path), owner: place.owner });
    },
    write: async (data) => {
      if (data === null) throw new Error('a tail is never emptied');
      if (size === 0) create(data);
      else append(data);
    },
  };
  return {
    path,
    low: new Low<TailData | null>(adapter, null),
    size: () => size,
    startOf: (batch) => starts[batch] ?? size,
    torn: () => torn,
    cut: () => {
      handle().truncate(size);
      if (place.isDurable) handle().sync();
      torn = null;
    },
    sync: () => handle().sync(),
    close: () => {
      file?.close();
      file = null;
    },
  };
}

/** Characters, estimated from above, that one line may hold; its length field ends at 99,999,999 bytes. */
const MAX_LINE_SIZE = 24_000_000;

/** Entries as they go into lines: all in one, unless their values are huge. A part of a batch is a legal log too. */
export function lineGroups(entries: readonly LogEntry[]): readonly (readonly LogEntry[])[] {
  const groups: LogEntry[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const added = 200 + (entry.type === 'command' ? roughSize(entry.command) : 0);
    if (size + added > MAX_LINE_SIZE) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)?.push(entry);
    size += added;
  }
  return groups;
}

/** Bytes of a value as JSON, never too few: a character becomes at most `\\u0000`. */
function roughSize(value: Json): number {
  if (typeof value === 'string') return 6 * value.length + 2;
  if (typeof value !== 'object' || value === null) return 25;
  return Object.entries(value).reduce((sum, [key, item]) => sum + 6 * key.length + 4 + roughSize(item), 2);
}

function batchText(line: number, { generation, truncateFrom, entries }: TailBatch): string {
  const cut = truncateFrom === null ? '' : `"truncateFrom":${truncateFrom},`;
  return `{"line":${line},"generation":${generation},${cut}"entries":[${entries.map(entryText).join(',')}]}`;
}

interface Scanned {
  readonly first: ScannedLine;
  readonly rest: readonly ScannedLine[];
  readonly file: string;
  readonly owner: Owner;
}

function decodeTail({ first, rest, file, owner }: Scanned): TailData {
  const header = parsed(first, file);
  const wrong = describedWrongly(header, 'raft-lab tail', owner);
  if (wrong !== null) throw new StorageDamaged({ ...wrong, file, offset: 0 });
  if (!isIndex(header.first) || typeof header.previousChain !== 'string' || !isCount(header.generation)) {
    throw new StorageDamaged({ kind: 'damaged', file, offset: 0, reason: 'its header does not say where it begins' });
  }
  return {
    header: header as unknown as TailHeader,
    batches: rest.map((line, position) => decodeBatch(line, position + 1, file)),
  };
}

function decodeBatch(line: ScannedLine, number: number, file: string): TailBatch {
  const damaged = (reason: string): StorageDamaged =>
    new StorageDamaged({ kind: 'damaged', file, offset: line.at, reason });
  const value = parsed(line, file);
  const { generation, truncateFrom = null, entries } = value;
  if (value.line !== number) throw damaged(`line ${String(value.line)} stands where line ${number} belongs`);
  if (!isCount(generation)) throw damaged(`line ${number} names no generation`);
  if (truncateFrom !== null && !isIndex(truncateFrom)) throw damaged(`line ${number} truncates from no index`);
  if (!Array.isArray(entries)) throw damaged(`line ${number} has no list of entries`);
  for (const entry of entries) {
    const checked = parseLogEntry(entry);
    if (isProblem(checked)) throw damaged(`line ${number}: ${checked.problem}`);
  }
  return { generation: generation as number, truncateFrom: truncateFrom as number | null, entries };
}

function parsed(line: ScannedLine, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line.payload);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below: its checksum fits, so this was never written by a server.
  }
  const reason = 'a line has the right checksum, yet it is no JSON object';
  throw new StorageDamaged({ kind: 'damaged', file, offset: line.at, reason });
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isIndex(value: unknown): boolean {
  return isCount(value) && value !== 0;
}
