/**
 * A file that was named before there was a page (argument, double click): the page's `ready` opens it in place of the run
 * that would start by itself, so that no cluster is started for nothing. Flow: page → `ready` → here → lab.
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
 * @param takeFile  asked at each `ready`: the path of a file that waits, which then waits no more, or null
 * @returns the lab's `ask`. `ready` answers with the file's error when it cannot be opened; the page says so and asks again
 */
export function openAtReady(lab: Pick<Lab, 'ask' | 'openPlace'>, takeFile: () => string | null): Lab['ask'] {
  return async <Name extends RequestName>(name: Name, ask: unknown): Promise<LabResult<Answer<Name>>> => {
    const path = name === 'ready' ? takeFile() : null;
    if (path === null) return await lab.ask(name, ask);
    // `ready` and what opens a file have the same answer: what is open then.
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
 * @returns `unknown-file` for a file that neither its name nor its content makes a scenario or a recording
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
