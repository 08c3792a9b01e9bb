/**
 * The lowdb adapter of a tail, `log/tail-<first>.jsonl`: data is a header and the batches since, and a write appends
 * the batches it has not written yet, one line each, with one write and one fsync. A new tail arrives whole, by rename.
 */
import { type Adapter, Low } from 'lowdb';
import type { Chain, Json, LogEntry, LogIndex } from '../../core/vocabulary/index.ts';
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

/** Every other line: one `Persist`. Without truncation and entries it only records that a new state.json was written. */
export interface TailBatch {
  /** Generation of state.json this was written under. */
  readonly generation: number;
  readonly truncateFrom: LogIndex | null;
  readonly entries: readonly LogEntry[];
}

/** A tail's data as lowdb holds it. */
export interface TailData {
  readonly header: TailHeader;
  /** The storage adds to it, the adapter writes what was added. */
  readonly batches: TailBatch[];
}

/** One tail on disk; to be closed when another tail replaces it. */
export class TailFile {
  /** Path below the server's folder. */
  readonly path: string;
  /** lowdb's handle on it: `data` is null until the file was read or is to be made. */
  readonly low: Low<TailData | null>;
  readonly #place: Place;
  #handle: OpenFile | null = null;
  #starts: number[] = [];
  #size = 0;
  #torn: TornTail | null = null;

  constructor(place: Place, path: string) {
    this.path = path;
    this.#place = place;
    const adapter: Adapter<TailData | null> = { read: () => this.#read(), write: (data) => this.#write(data) };
    this.low = new Low<TailData | null>(adapter, null);
  }

  /** Bytes of complete lines. */
  get size(): number {
    return this.#size;
  }

  /** Set by a read that met an unfinished last line. */
  get torn(): TornTail | null {
    return this.#torn;
  }

  /** Offset at which batch `n` (0, 1, …) begins; the end of the file for the next one. */
  startOf(batch: number): number {
    return this.#starts[batch] ?? this.#size;
  }

  /** Cuts the unfinished line, durably. */
  cut(): void {
    this.#open().truncate(this.#size);
    if (this.#place.isDurable) this.#open().sync();
    this.#torn = null;
  }

  /** Makes what was read as durable as what is written. */
  sync(): void {
    this.#open().sync();
  }

  close(): void {
    this.#handle?.close();
    this.#handle = null;
  }

  #open(): OpenFile {
    this.#handle ??= this.#place.disk.open(this.path);
    return this.#handle;
  }

  async #read(): Promise<TailData | null> {
    const { disk, owner } = this.#place;
    const file = disk.locate(this.path);
    const bytes = disk.read(this.path);
    if (bytes === null) return null;
    const scan = scanTail(bytes);
    if (!scan.ok) throw new StorageDamaged({ ...scan, file });
    const [first, ...rest] = scan.lines;
    if (first === undefined) throw new Error('a scan without damage has a header');
    this.#starts = rest.map((line) => line.at);
    this.#size = scan.tornAt ?? bytes.length;
    const cut = { file: this.path, offset: this.#size, bytes: bytes.length - this.#size };
    this.#torn = scan.tornAt === null ? null : cut;
    return decodeTail({ first, rest, file, owner });
  }

  async #write(data: TailData | null): Promise<void> {
    if (data === null) throw new Error('a tail is never emptied');
    if (this.#size === 0) this.#create(data);
    else for (const batch of data.batches.slice(this.#starts.length)) this.#append(batch);
  }

  #append(batch: TailBatch): void {
    const line = encodeLine(batchText(this.#starts.length + 1, batch), this.#size);
    this.#open().append(line);
    if (this.#place.isDurable) this.#open().sync();
    this.#starts.push(this.#size);
    this.#size += line.length;
  }

  #create(data: TailData): void {
    const header = encodeLine(JSON.stringify(data.header), 0);
    const lines = [header];
    this.#size = header.length;
    for (const batch of data.batches) {
      const line = encodeLine(batchText(this.#starts.length + 1, batch), this.#size);
      lines.push(line);
      this.#starts.push(this.#size);
      this.#size += line.length;
    }
    replaceFile(this.#place.disk, this.path, Buffer.concat(lines), this.#place.isDurable);
    syncLogFolder(this.#place);
  }
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
    // Reported below: its checksum fits, so no server wrote this.
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
