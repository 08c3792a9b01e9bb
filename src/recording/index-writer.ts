/**
 * Writes events.index beside a recording: a line for each block of the trace that is full, a view now and then, and at the
 * end of a whole recording a last line. It is made from the recording and never needed: what cannot be written is left out.
 * Flow: recorder, or the first opening of a recording without an index → here → events.index → index-reader.ts.
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

/** A view is written when it takes at most this share of what was recorded since the last one: that bounds the index. */
const VIEW_SHARE = 1 / 8;

/** Name of an index that is not complete. */
const HALF = /^events\.index\.[0-9a-f]{8}\.tmp$/;
/** An incomplete index that was written to since then may belong to a lab that lives. Milliseconds. */
const YOUNG_MS = 60_000;

/** The growing index of one recording. */
export interface IndexWriter {
  /** Writes the blocks that became full. */
  look(): void;
  /** Writes a view that holds everything recorded up to its key, unless it is too large for so little recording. */
  view(settled: ViewAtKey): void;
  /** Ends the index. @param last  the view at the end, when it is known; `isWhole`: false leaves it without its last line */
  close(end: { readonly isWhole: boolean; readonly last: ViewAtKey | null }): Promise<void>;
}

/** Stands in where no index is written. */
export const NO_INDEX: IndexWriter = { look: () => undefined, view: () => undefined, close: async () => undefined };

/**
 * Begins the index of a recording anew, with what is known of it already.
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

/** Makes the index of a whole recording at once: complete, or not at all. */
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
    // The folder may be read-only or somebody else's, the disk may be full: the next opening reads the recording again.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** Removes incomplete indexes of killed labs; one that another lab is writing is kept. */
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

/** Estimates the bytes of a view as JSON from its links and its entries with their commands. */
function roughBytes({ links, entries }: ClusterView): number {
  let bytes = 4_000 + 110 * Object.keys(links).length;
  for (const { entry } of Object.values(entries)) {
    const { command } = entry as { readonly command?: { readonly key?: string; readonly value?: string } };
    bytes += 250 + (command?.key?.length ?? 0) + (command?.value?.length ?? 0);
  }
  return bytes;
}
