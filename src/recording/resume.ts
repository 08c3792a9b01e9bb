/**
 * *Continue last run*: reads the facts that the recorder and the lab need to continue a recording. A torn last line is
 * cut off durably before anything is appended, and the verdict file is removed.
 */
import { open } from 'node:fs/promises';
import type { Outcome } from '../core/check/index.ts';
import type { LabError, LabResult } from '../core/lab-api/api.ts';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import type { ClusterView, TraceFlaw } from '../core/trace/index.ts';
import type { ViewAtKey } from './live-fold.ts';
import { type LoadedTrace, loadTrace } from './load-trace.ts';
import { futureProblem } from './manifest-fit.ts';
import { createPastHistory } from './past-history.ts';
import { runPaths } from './run-folder.ts';
import { takeVerdicts } from './verdict-file.ts';

/** A recording that is ready to be continued. */
export interface ResumedRun extends LoadedTrace {
  /** The view after the last recorded event. */
  readonly view: ClusterView;
  /** Views of earlier moments that were kept while the last one was folded. */
  readonly views: readonly ViewAtKey[];
  /** The outcome of the judges of its earlier parts. */
  readonly judged: Outcome;
}

/**
 * Reads a run's recording and prepares its file for appending. The caller holds the run's lock. Rejects with the file
 * system's error.
 */
export async function resumeRun(folder: string): Promise<LabResult<ResumedRun>> {
  const loaded = await loadTrace(folder);
  if (!loaded.ok) return loaded;
  const { flaw, lastTimeUs, manifest, runId } = loaded.value;
  if (manifest.runId !== runId) return { ok: false, error: copyOf(manifest.runId, runId) };
  if (!goesOnAfter(flaw)) return { ok: false, error: cannotGoOn(runId, flaw) };
  const history = createPastHistory(folder, loaded.value);
  const view = await history.viewAt(lastTimeUs);
  const found = await history.flaw();
  if (!goesOnAfter(found)) return { ok: false, error: cannotGoOn(runId, found) };
  if (flaw?.kind === 'torn') await cutAt(runPaths(folder).events, flaw.offset);
  const kept = await takeVerdicts(folder, flaw === null);
  // A part whose lab was killed has no verdict file, but its trace holds the violations found until then.
  const judged = view.violations.length > 0 ? 'violated' : kept;
  return { ok: true, value: { ...loaded.value, view, views: history.kept(), judged } };
}

/** Whether only the end of the recording is missing. A killed lab leaves a recording in this state. */
function goesOnAfter(flaw: TraceFlaw | null): flaw is null | (TraceFlaw & { readonly kind: 'no-end' | 'torn' }) {
  return flaw === null || flaw.kind === 'no-end' || flaw.kind === 'torn';
}

/**
 * Returns the error for a recording that is damaged before its end. Events appended behind the damage would never be
 * read.
 */
function cannotGoOn(runId: string, flaw: TraceFlaw): LabError {
  const { kind, line, offset } = flaw;
  return kind === 'future'
    ? futureProblem(runId, flaw).error
    : new LabProblem('run-flawed', { runId, line, offset }).error;
}

/**
 * Returns the error for a copied run folder. Continuing a copy would make a second run with the same id and the same
 * past.
 */
function copyOf(original: string, runId: string): LabError {
  const detail = `it is of run ${original}, so this folder is a copy, which can be looked at but not continued`;
  return new LabProblem('run-damaged', { runId, file: 'manifest.json', detail }).error;
}

async function cutAt(file: string, bytes: number): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.truncate(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
