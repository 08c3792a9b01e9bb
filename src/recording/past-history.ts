/**
 * Queries on a recording that is not being written. An event whose fields do not fit its name is skipped and reported
 * as a flaw, so queries on a damaged recording do not fail. Flow: load-trace → here → open-run, resume.
 */
import type { TraceFlaw } from '../core/trace/index.ts';
import type { UnfoldableEvent } from './fold-recorded.ts';
import { createHistory, type History } from './history.ts';
import type { StoredView } from './index-reader.ts';
import type { LoadedTrace } from './load-trace.ts';
import { runPaths } from './run-folder.ts';
import { lineOffset } from './trace-file.ts';

/** The queries, and the flaw found so far. */
export interface PastHistory extends History {
  /** Returns the first event that did not fit, or else the flaw of the loaded trace; null for a whole recording. */
  flaw(): Promise<TraceFlaw | null>;
}

/** Creates the queries on a loaded trace. @param folder  of the run @param stored  views stored in its index */
export function createPastHistory(
  folder: string,
  { index, flaw }: Pick<LoadedTrace, 'index' | 'flaw'>,
  stored?: readonly StoredView[],
): PastHistory {
  const file = runPaths(folder).events;
  let misfit: UnfoldableEvent | null = null;
  const source = { file, index, beforeRead: () => Promise.resolve(), isHidden: () => false };
  const onUnfoldable = (found: UnfoldableEvent): void => {
    if (misfit === null || found.event.seq < misfit.event.seq) misfit = found;
  };
  const history = createHistory(source, [], onUnfoldable, stored);
  return {
    ...history,
    flaw: async () => {
      if (misfit === null) return flaw;
      const { event, reason } = misfit;
      // The events before the flaw are complete, so the `seq` of an event is the number of its line.
      const offset = await lineOffset(file, index, event.seq);
      return { kind: 'misfit', line: event.seq, offset, params: { detail: reason } };
    },
  };
}
