/**
 * The questions about a recording that is not being written. An event whose fields do not fit its name is passed over, and
 * named as a flaw: no reader of a damaged recording fails for it. Flow: load-trace → here → open-run, resume.
 */
import type { TraceFlaw } from '../core/trace/index.ts';
import type { UnfoldableEvent } from './fold-recorded.ts';
import { createHistory, type History } from './history.ts';
import type { StoredView } from './index-reader.ts';
import type { LoadedTrace } from './load-trace.ts';
import { runPaths } from './run-folder.ts';
import { lineOffset } from './trace-file.ts';

/** The questions, and what was found wrong so far. */
export interface PastHistory extends History {
  /** The loaded trace's own flaw, or the first event that did not fit; null for a whole recording. */
  flaw(): Promise<TraceFlaw | null>;
}

/**
 * Questions over a loaded trace.
 *
 * @param folder  of the run
 * @param stored  views that lie in its index
 */
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
      // In a recording that was read so far, the number of an event is that of its line.
      const offset = await lineOffset(file, index, event.seq);
      return { kind: 'misfit', line: event.seq, offset, params: { detail: reason } };
    },
  };
}
