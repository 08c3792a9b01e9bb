/** An opened recording: the same questions as a live run, answered from the file. Nothing is ever written. */
import type { LabResult } from '../../core/lab-api/api.ts';
import type { TraceFlaw } from '../../core/trace/index.ts';
import { createHistory } from './history.ts';
import { loadTrace } from './load-trace.ts';
import { runPaths } from './run-folder.ts';
import type { IndexSize } from './trace-index.ts';
import type { RunReader } from './types.ts';

/** A recording that answers questions. */
export interface OpenedRun extends RunReader {
  /** What is damaged or missing; what comes behind it is left out. Null for a whole recording. */
  readonly flaw: TraceFlaw | null;
  /** Events in the recording. */
  readonly size: number;
}

/** Reads a run folder, in slices, as far as its recording is whole. Errors are those of `loadTrace`. */
export async function openRun(folder: string, size?: IndexSize): Promise<LabResult<OpenedRun>> {
  const loaded = await loadTrace(folder, size);
  if (!loaded.ok) return loaded;
  const { runId, manifest, index, flaw, firstTimeUs, lastTimeUs } = loaded.value;
  const file = runPaths(folder).events;
  const history = createHistory({ file, index, beforeRead: () => Promise.resolve(), isHidden: () => false });
  return {
    ok: true,
    value: {
      runId,
      settings: manifest.settings,
      flaw,
      size: index.size(),
      span: () => ({ fromUs: firstTimeUs, toUs: lastTimeUs }),
      viewAt: history.viewAt,
      events: history.events,
      entry: history.entry,
    },
  };
}
