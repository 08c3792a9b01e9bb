/**
 * Opens a recording for the workspace, and reports progress when this takes long. Flow: workspace → here → open-run.ts.
 */
import { unwrapped } from '../core/lab-api/lab-problem.ts';
import { type OpenedRun, openRun } from './open-run.ts';

/** Reading time below which no progress is reported. Milliseconds. */
const QUICK_MS = 500;

/**
 * Reads the recording in a run folder.
 *
 * @param onProgress  receives the share that has been read, 0 to 1; null when the recording cannot be opened after all
 * @throws LabProblem run-damaged, run-future
 */
export async function readRecording(folder: string, onProgress: (share: number | null) => void): Promise<OpenedRun> {
  const began = performance.now();
  let isShown = false;
  const opened = await openRun(folder, undefined, (share) => {
    if (performance.now() - began < QUICK_MS) return;
    isShown = true;
    onProgress(share);
  });
  if (!opened.ok && isShown) onProgress(null);
  return unwrapped(opened);
}
