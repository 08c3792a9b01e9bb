/**
 * Opens a file that was named before the page was loaded (as an argument or by a double click). The page's `ready`
 * opens it instead of starting the usual first run, so that no cluster is started in vain. Flow: page → `ready` → here
 * → lab.
 */
import { basename } from 'node:path';
import {
  type Answer,
  kindOfFile,
  type LabMode,
  type LabResult,
  OPENED_ENDINGS,
  type RequestName,
} from '../../core/lab-api/index.ts';
import { LabProblem } from '../../core/lab-api/lab-problem.ts';
import { readOpenedScenario } from '../../play/index.ts';
import type { Lab } from '../types.ts';

/**
 * Wraps the lab's `ask` so that `ready` opens the waiting file.
 *
 * @param takeFile  called at each `ready`; returns the path of a waiting file and forgets it, or null
 * @returns the lab's `ask`. When the file cannot be opened, `ready` answers with the file's error; the page shows it
 * and sends `ready` again
 */
export function openAtReady(lab: Pick<Lab, 'ask' | 'openPlace'>, takeFile: () => string | null): Lab['ask'] {
  return async <Name extends RequestName>(name: Name, ask: unknown): Promise<LabResult<Answer<Name>>> => {
    const path = name === 'ready' ? takeFile() : null;
    if (path === null) return await lab.ask(name, ask);
    // `ready` and the requests that open a file have the same type of answer, the mode of the lab.
    return (await openFile(lab, path)) as LabResult<Answer<Name>>;
  };
}

/** Plays a scenario file, and opens anything else as a recording. Never rejects. */
async function openFile(lab: Pick<Lab, 'ask' | 'openPlace'>, path: string): Promise<LabResult<LabMode>> {
  if (kindOfFile(path) !== 'scenario') return await openRecording(lab, path);
  const read = await readOpenedScenario(path);
  return read.ok ? await lab.ask('playScenarioFile', read.value) : read;
}

/**
 * Opens an exported file, a run folder or a named run. Never rejects.
 *
 * @returns `unknown-file` for a file whose name and content are neither those of a scenario nor of a recording
 */
export async function openRecording(
  lab: Pick<Lab, 'openPlace'>,
  path: string,
  endLive = false,
): Promise<LabResult<LabMode>> {
  const opened = await lab.openPlace(path, endLive);
  if (opened.ok || opened.error.code !== 'not-a-recording' || kindOfFile(path) !== null) return opened;
  const { error } = new LabProblem('unknown-file', { file: basename(path), endings: OPENED_ENDINGS.join(', ') });
  return { ok: false, error };
}
