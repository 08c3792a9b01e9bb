/**
 * Writes events.index beside a recording: a line for each full block of the trace, a view now and then, and a last line
 * when the recording is whole. The index only repeats what the recording holds, so a failed write is not an error: the
 * next opening reads the recording instead. Flow: recorder, or the first opening of a recording without an index → here
 * → events.index → index-reader.ts.
 */
import { randomBytes } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterView } from '../core/trace/view.ts';
import { indexLines } from './index-line.ts';
import type { ViewAtKey } from './live-fold.ts';
import { runPaths } from './run-paths.ts';
import { keyOf, type TraceIndex } from './trace-index.ts';
import { openTraceWriter, type TraceWriter } from './trace-writer.ts';

/**
 * A view is written only while all views together take at most this share of the recorded bytes. This bounds the size
 * of the index.
 */
const VIEW_SHARE = 1 / 8;

/** Name of an index that is not complete yet. */
const HALF = /^events\.index\.[0-9a-f]{8}\.tmp$/;
/** An incomplete index that was written to within this time may belong to a running lab. Milliseconds. */
const YOUNG_MS = 60_000;

/** The growing index of one recording. */
export interface IndexWriter {
  /** Writes the blocks that have become full. */
  look(): void;
  /**
   * Writes a view that holds every event up to its key. A view that is too large for the recorded bytes is not written.
   */
  view(settled: ViewAtKey): void;
  /** Ends the index. @param end  `last`: the view at the end, when it is known; `isWhole`: false omits the last line */
  close(end: { readonly isWhole: boolean; readonly last: ViewAtKey | null }): Promise<void>;
}

/** An index writer that writes nothing. */
export const NO_INDEX: IndexWriter = { look: () => undefined, view: () => undefined, close: async () => undefined };

/**
 * Creates the index of a recording, with the blocks and views that are known already.
 *
 * @param folder  of the run
 * @returns `NO_INDEX` when the file cannot be made, or a line of the recording has no checksum
 */
export async function openIndexWriter(
  folder: string,
  { runId, index, views }: { readonly runId: string; readonly index: TraceIndex; readonly views: readonly ViewAtKey[] },
): Promise<IndexWriter> {
  const file = runPaths(folder).index;
  try {
    await rm(file, { force: true });
    if (index.blocks.some(({ sum }) => sum === null)) return NO_INDEX;
    const lines = await openTraceWriter(file, () => undefined);
    lines.write(indexLines.head(runId));
    const writer = writerOf(lines, index);
    writer.look();
    for (const one of views) writer.view(one);
    return writer;
  } catch {
    return NO_INDEX;
  }
}

/** Writes the index of a whole recording. The index appears complete or not at all. */
export async function makeIndex(
  folder: string,
  of: { readonly runId: string; readonly index: TraceIndex; readonly views: readonly ViewAtKey[] },
): Promise<void> {
  const { index: file } = runPaths(folder);
  if (of.index.blocks.some(({ sum }) => sum === null)) return;
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await removeHalves(folder);
    const failures: Error[] = [];
    const lines = await openTraceWriter(temporary, (failure) => failures.push(failure));
    lines.write(indexLines.head(of.runId));
    const writer = writerOf(lines, of.index);
    for (const one of of.views) writer.view(one);
    await writer.close({ isWhole: true, last: of.views.at(-1) ?? null });
    for (const failure of failures) throw failure;
    await rename(temporary, file);
  } catch {
    // The folder may be read-only, or the disk may be full. The next opening reads the recording instead.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** Removes incomplete indexes that crashed labs left. Keeps an index that another lab may still be writing. */
async function removeHalves(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((one) => HALF.test(one))) {
    const half = join(folder, name);
    const { mtimeMs } = await stat(half);
    if (Math.abs(Date.now() - mtimeMs) > YOUNG_MS) await rm(half, { force: true });
  }
}

function writerOf(lines: TraceWriter, index: TraceIndex): IndexWriter {
  let written = 0;
  let viewBytes = 0;

  const blocksUpTo = (end: number): void => {
    for (; written < end; written += 1) {
      const block = index.blocks[written];
      if (block !== undefined) lines.write(indexLines.block(block));
    }
  };
  const lineOf = ({ key, view }: ViewAtKey): string => indexLines.view(keyOf(key), index.size(), view);

  return {
    look: () => {
      if (written < index.blocks.length - 1) blocksUpTo(index.blocks.length - 1);
    },
    view: (settled) => {
      if (roughBytes(settled.view) + viewBytes > index.bytes() * VIEW_SHARE) return;
      const line = lineOf(settled);
      viewBytes += line.length;
      lines.write(line);
    },
    close: async ({ isWhole, last }) => {
      if (isWhole) {
        blocksUpTo(index.blocks.length);
        if (last !== null && roughBytes(last.view) < index.bytes() * VIEW_SHARE) lines.write(lineOf(last));
        lines.write(indexLines.end(index.bytes(), index.size()));
      }
      await lines.close();
    },
  };
}

/** Estimates the size of a view as JSON, in bytes, from its links and its entries with their commands. */
function roughBytes({ links, entries }: ClusterView): number {
  let bytes = 4_000 + 110 * Object.keys(links).length;
  for (const { entry } of Object.values(entries)) {
    const { command } = entry as { readonly command?: { readonly key?: string; readonly value?: string } };
    bytes += 250 + (command?.key?.length ?? 0) + (command?.value?.length ?? 0);
  }
  return bytes;
}
