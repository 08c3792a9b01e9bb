/**
 * Reads events.index and checks it against the recording. The index must end with its last line, and its blocks must
 * cover events.jsonl from the first byte to the last. Every line of events.jsonl must match its own checksum and the
 * sum of its block. If any of this fails, the index is ignored. Flow: events.index, events.jsonl → here → open-run.ts.
 */
import { stat } from 'node:fs/promises';
import { compareEvents, type EventKey } from '../core/trace/order.ts';
import type { ClusterView } from '../core/trace/view.ts';
import { openForeignFile } from '../program/foreign-file.ts';
import { blockOf, INDEX_FORMAT, readIndexLine, readViewLine } from './index-line.ts';
import { MOST_LINE_BYTES } from './line-checker.ts';
import { LineSplitter } from './line-splitter.ts';
import { runPaths } from './run-paths.ts';
import { type Block, createTraceIndex, FIRST_SUM, type IndexSize, sumWith, type TraceIndex } from './trace-index.ts';
import { crcOf, sealOf } from './trace-line.ts';

const SLICE_BYTES = 1024 * 1024;

/** A view stored in the index. */
export interface StoredView {
  readonly key: EventKey;
  /** Resolves with null when the line of the view is damaged. Rejects when the file cannot be read. */
  read(): Promise<ClusterView | null>;
}

/** The blocks and views of a whole recording, from its index. */
export interface ReadIndex {
  readonly index: TraceIndex;
  /** Views stored in the index, earliest first. */
  readonly views: readonly StoredView[];
}

/**
 * Reads the index of a run. Returns null when the index is missing or does not fit the recording. Rejects when a file
 * cannot be read.
 */
export async function readIndex(folder: string, runId: string, size?: IndexSize): Promise<ReadIndex | null> {
  const { index: file, events } = runPaths(folder);
  // A valid view is smaller than its recording, so a longer line makes the index invalid.
  const most = Math.max(MOST_LINE_BYTES, (await stat(events)).size);
  const found = await eachLine(file, new Gathering(file), most).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found === null || !found.isWholeOf(runId)) return null;
  const proof = await eachLine(events, new Proof(found.blocks), MOST_LINE_BYTES);
  if (proof === null || !proof.isComplete()) return null;
  return { index: createTraceIndex(size, found.blocks), views: found.viewsThatHold() };
}

/** Takes the lines of a file one after the other. `take` returns false for a wrong line, which ends the reading. */
interface LineTaker {
  take(line: Buffer, offset: number): boolean;
}

/**
 * Reads a file line by line.
 *
 * @returns the taker; null when it refused a line, or a line has no end within `most` bytes
 */
async function eachLine<Taker extends LineTaker>(file: string, taker: Taker, most: number): Promise<Taker | null> {
  const handle = await openForeignFile(file);
  try {
    const slice = Buffer.allocUnsafe(SLICE_BYTES);
    const splitter = new LineSplitter();
    let offset = 0;
    for (let position = 0; ; ) {
      const { bytesRead } = await handle.read(slice, 0, SLICE_BYTES, position);
      if (bytesRead === 0) return splitter.rest === 0 ? taker : null;
      position += bytesRead;
      for (const line of splitter.split(slice.subarray(0, bytesRead))) {
        if (!taker.take(line, offset)) return null;
        offset += line.length + 1;
      }
      if (splitter.rest > most) return null;
    }
  } finally {
    await handle.close();
  }
}

interface ViewPlace {
  readonly key: EventKey;
  /**
   * Number of the newest event when the view was written. A late event with a higher number may belong before the
   * view's key.
   */
  readonly seq: number;
  readonly offset: number;
  readonly bytes: number;
}

/** Collects the lines of the index. */
class Gathering implements LineTaker {
  readonly blocks: Block[] = [];
  readonly #file: string;
  #runId: string | null = null;
  #views: ViewPlace[] = [];
  #end: { readonly bytes: number; readonly events: number } | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  take(line: Buffer, offset: number): boolean {
    const said = readIndexLine(line);
    if (said === null || this.#end !== null) return false;
    if ('index' in said) {
      if (said.index !== INDEX_FORMAT) return false;
      this.#runId = said.runId;
    } else if ('block' in said) this.blocks.push(blockOf(said.block));
    else if ('key' in said) this.#views.push({ ...said, offset, bytes: line.length });
    else this.#end = said.end;
    return true;
  }

  /** Whether the index has its last line, belongs to this run, and its blocks leave no gap. */
  isWholeOf(runId: string): boolean {
    if (this.#runId !== runId || this.#end === null) return false;
    let [bytes, events] = [0, 0];
    for (const block of this.blocks) {
      if (block.offset !== bytes) return false;
      bytes += block.bytes;
      events += block.size;
    }
    return bytes === this.#end.bytes && events === this.#end.events;
  }

  /**
   * The views that still contain every event up to their key, earliest first. A late event that was recorded afterwards
   * makes a view incomplete.
   */
  viewsThatHold(): readonly StoredView[] {
    const lates = this.blocks.flatMap((block) => block.lates);
    return this.#views
      .filter(({ key, seq }) => !lates.some((late) => late.seq > seq && compareEvents(late, key) <= 0))
      .sort((a, b) => compareEvents(a.key, b.key))
      .map(({ key, offset, bytes }) => ({ key, read: () => readView(this.#file, offset, bytes) }));
  }
}

/** Checks the lines of the recording against the blocks of the index. */
class Proof implements LineTaker {
  readonly #blocks: readonly Block[];
  #at = 0;
  #size = 0;
  #sum = FIRST_SUM;

  constructor(blocks: readonly Block[]) {
    this.#blocks = blocks;
  }

  take(line: Buffer, offset: number): boolean {
    const block = this.#blocks[this.#at];
    const seal = sealOf(line);
    if (block === undefined || seal === null || crcOf(line, seal) !== seal.crc) return false;
    this.#sum = sumWith(this.#sum, seal.crc);
    this.#size += 1;
    const end = offset + line.length + 1;
    if (end < block.offset + block.bytes) return true;
    const fits = end === block.offset + block.bytes && this.#size === block.size && this.#sum === block.sum;
    this.#at += 1;
    this.#size = 0;
    this.#sum = FIRST_SUM;
    return fits;
  }

  isComplete(): boolean {
    return this.#at === this.#blocks.length;
  }
}

async function readView(file: string, offset: number, bytes: number): Promise<ClusterView | null> {
  const handle = await openForeignFile(file);
  try {
    const line = Buffer.allocUnsafe(bytes);
    const { bytesRead } = await handle.read(line, 0, bytes, offset);
    return bytesRead === bytes ? readViewLine(line) : null;
  } finally {
    await handle.close();
  }
}
