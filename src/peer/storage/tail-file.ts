/**
 * The lowdb adapter of a tail, `log/tail-<first>.jsonl`. Its data is a header and the batches that followed. A write
 * appends the new batches, one line each, with one write and one fsync. A new tail is created whole, by a rename.
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
  /** Index of the first entry of this tail, which may not exist yet. */
  readonly first: LogIndex;
  /** Chain of the entry before `first`. */
  readonly previousChain: Chain;
  /** Generation of state.json when the tail was made. */
  readonly generation: number;
}

/**
 * Every line but the first: one `Persist`. Without truncation and entries the line only records that a new state.json
 * was written.
 */
export interface TailBatch {
  /** Generation of state.json under which this line was written. */
  readonly generation: number;
  readonly truncateFrom: LogIndex | null;
  readonly entries: readonly LogEntry[];
}

/** A tail's data as lowdb holds it. */
export interface TailData {
  readonly header: TailHeader;
  /** Batches of this tail. The storage adds batches; the adapter writes the added ones. */
  readonly batches: TailBatch[];
}

/** One tail on disk. Close it when another tail replaces it. */
export class TailFile {
  /** Path below the server's folder. */
  readonly path: string;
  /** lowdb's handle on the tail; `data` is null until the file was read or set for a new tail. */
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

  /** Number of bytes in complete lines. */
  get size(): number {
    return this.#size;
  }

  /** The unfinished last line that a read found, or null. */
  get torn(): TornTail | null {
    return this.#torn;
  }

  /**
   * Returns the offset of the batch with this number, from 0. The number of batches gives the end of the file.
   */
  startOf(batch: number): number {
    return this.#starts[batch] ?? this.#size;
  }

  /** Cuts the unfinished line off, durably. */
  cut(): void {
    this.#open().truncate(this.#size);
    if (this.#place.isDurable) this.#open().sync();
    this.#torn = null;
  }

  /** Makes the bytes that were read durable. */
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

/** Maximum estimated size of a line in characters; the length field of a line ends at 99,999,999 bytes. */
const MAX_LINE_SIZE = 24_000_000;

/**
 * Groups entries into lines. Entries share one line unless their values are huge; each part of a split batch is a legal
 * log as well.
 */
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

/** Returns an upper bound of a value's bytes as JSON; one character becomes at most `\\u0000`. */
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
    // The caller reports the error: the checksum fits, so no server wrote this.
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
