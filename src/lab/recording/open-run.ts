/** An opened recording: the same questions as a live run, answered from the file. Nothing is ever written. */
import type { LabResult } from '../../core/lab-api/api.ts';
import type { TraceFlaw } from '../../core/trace/index.ts';
import { loadTrace } from './load-trace.ts';
import { createPastHistory } from './past-history.ts';
import type { IndexSize } from './trace-index.ts';
import type { RunReader } from './types.ts';

/** A recording that answers questions. */
export interface OpenedRun extends RunReader {
  /**
   * What is damaged or missing; null for a whole recording. What comes behind a line that cannot be read is left out, and
   * so is an event that does not fit, which is known once a view of it was asked for.
   */
  flaw(): Promise<TraceFlaw | null>;
  /** Events in the recording. */
  readonly size: number;
}

/** Reads a run folder, in slices, as far as its recording is whole. Errors are those of `loadTrace`. */
export async function openRun(folder: string, size?: IndexSize): Promise<LabResult<OpenedRun>> {
  const loaded = await loadTrace(folder, size);
  if (!loaded.ok) return loaded;
  const { runId, manifest, index, firstTimeUs, lastTimeUs } = loaded.value;
  const history = createPastHistory(folder, loaded.value);
  return {
    ok: true,
    value: {
      runId,
      settings: manifest.settings,
      flaw: history.flaw,
      size: index.size(),
      span: () => ({ fromUs: firstTimeUs, toUs: lastTimeUs }),
      viewAt: history.viewAt,
      events: history.events,
      entry: history.entry,
    },
  };
}
