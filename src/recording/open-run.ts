/**
 * Opens a recording for queries. It answers the same queries as a live run, from the file. Opening writes no file
 * except the index. Flow: index-reader, or load-trace and index-writer → here → past-history.
 */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { LabResult } from '../core/lab-api/api.ts';
import type { TraceFlaw } from '../core/trace/index.ts';
import { compareEvents, type EventKey } from '../core/trace/order.ts';
import { FoldAsRead } from './fold-as-read.ts';
import { readIndex } from './index-reader.ts';
import { makeIndex } from './index-writer.ts';
import { rememberFlaw } from './listed-flaws.ts';
import { type LoadedTrace, loadTrace } from './load-trace.ts';
import { readManifest } from './manifest.ts';
import { FitChecker } from './manifest-fit.ts';
import { createPastHistory, type PastHistory } from './past-history.ts';
import { runPaths } from './run-paths.ts';
import { readSpan } from './trace-file.ts';
import type { IndexSize, TraceIndex } from './trace-index.ts';
import type { RunReader } from './types.ts';

/** A recording that is open for queries. */
export interface OpenedRun extends RunReader {
  /**
   * Returns the damaged or missing part; null for a whole recording. Lines behind a damaged line are left out. An event
   * that does not fit its name is left out as well, but it becomes known only when a view that includes it is
   * requested.
   */
  flaw(): Promise<TraceFlaw | null>;
  /** Number of events in the recording. */
  readonly size: number;
}

/**
 * Opens a run folder in slices, up to the first flaw of its recording. If the index fits the recording, the index is
 * used. Otherwise every event is read, and the index of a whole recording is written for the next time. Errors are
 * those of `loadTrace`.
 *
 * @param onProgress  receives the share that has been read, 0 to 1, at each hundredth; never called when the index is
 * used
 */
export async function openRun(
  folder: string,
  size?: IndexSize,
  onProgress: (share: number) => void = () => undefined,
): Promise<LabResult<OpenedRun>> {
  const indexed = await openByIndex(folder, size).catch(() => null);
  if (indexed !== null) return { ok: true, value: indexed };
  const folding = new FoldAsRead();
  const progress = percentOf(await recordedBytes(folder), onProgress);
  const loaded = await loadTrace(folder, size, (event, { offset }) => {
    folding.add(event);
    progress(offset);
  });
  if (!loaded.ok) return loaded;
  const { runId, manifest, index, flaw, lastTimeUs } = loaded.value;
  // Only the list of runs uses the remembered flaw, so a failure is harmless here.
  await rememberFlaw(runPaths(folder).events, flaw).catch(() => undefined);
  const history = createPastHistory(folder, loaded.value);
  for (const view of folding.end()) history.keep(view);
  if (flaw === null) {
    const view = await history.viewAt(lastTimeUs);
    const key = newestKey(index);
    if (key !== null) history.keep({ key, view });
    if ((await history.flaw()) === null) await makeIndex(folder, { runId, index, views: history.kept() });
  }
  return { ok: true, value: openedRun({ runId, manifest, index }, history) };
}

/** Returns the bytes of the recording. Returns 0 when it is missing; loading reports that. */
async function recordedBytes(folder: string): Promise<number> {
  return await stat(runPaths(folder).events).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Creates a function that calls `onProgress` with the share of `all` at each further hundredth. */
function percentOf(all: number, onProgress: (share: number) => void): (bytes: number) => void {
  const step = all / 100;
  let next = step;
  return (bytes) => {
    if (bytes < next) return;
    next = bytes + step;
    onProgress(Math.min(1, bytes / all));
  };
}

/**
 * Opens a run by its index. Returns null when no index fits the recording, or the manifest is invalid or belongs to
 * another recording.
 */
async function openByIndex(folder: string, size?: IndexSize): Promise<OpenedRun | null> {
  const runId = basename(folder);
  const read = await readManifest(folder);
  if (!read.ok) return null;
  const found = await readIndex(folder, runId, size);
  const block = found?.index.blocks[0];
  if (found === null || block === undefined) return null;
  const [first] = await readSpan(runPaths(folder).events, block);
  const place = { line: 1, offset: 0, bytes: 0, isProved: true, crc: null };
  if (first === undefined || new FitChecker(read.manifest).misfit(first, place) !== null) return null;
  const { index, views } = found;
  const history = createPastHistory(folder, { index, flaw: null }, views);
  return openedRun({ runId, manifest: read.manifest, index }, history);
}

function openedRun(
  { runId, manifest, index }: Pick<LoadedTrace, 'runId' | 'manifest' | 'index'>,
  history: PastHistory,
): OpenedRun {
  const fromUs = index.blocks.reduce((least, { minUs }) => Math.min(least, minUs), Number.POSITIVE_INFINITY);
  const toUs = index.blocks.reduce((most, { maxUs }) => Math.max(most, maxUs), 0);
  return {
    runId,
    settings: manifest.settings,
    flaw: history.flaw,
    size: index.size(),
    span: () => ({ fromUs: index.size() === 0 ? 0 : fromUs, toUs }),
    viewAt: history.viewAt,
    events: history.events,
    commands: history.commands,
    indexLife: history.indexLife,
    why: history.why,
    graphs: history.graphs,
  };
}

/** Returns the key of the last event in the order of time, apart from late events. */
function newestKey({ blocks }: TraceIndex): EventKey | null {
  return blocks.reduce<EventKey | null>((newest, { maxKey }) => {
    if (newest === null || maxKey === null) return newest ?? maxKey;
    return compareEvents(maxKey, newest) > 0 ? maxKey : newest;
  }, null);
}
