/**
 * Saves a trace that was not recorded here, such as that of a simulation, as a run folder. The run then opens like a
 * recorded one.
 */

import { writeFile } from 'node:fs/promises';
import packageJson from '../../package.json' with { type: 'json' };
import type { RunSettings } from '../core/catalogue/index.ts';
import type { TraceEvent } from '../core/trace/events.ts';
import { createRunFolder, runPaths } from './run-folder.ts';
import { sealedLine } from './trace-line.ts';

/**
 * Saves a trace as a new run. Rejects with the file system's error.
 *
 * @param dataFolder  the lab's data folder
 * @returns the id of the new run
 */
export async function keepTrace(
  dataFolder: string,
  settings: RunSettings,
  events: readonly TraceEvent[],
): Promise<string> {
  const { runId, folder } = await createRunFolder({ dataFolder, settings, raftLab: packageJson.version });
  const lines = events.map((event) => sealedLine(JSON.stringify(event)));
  await writeFile(runPaths(folder).events, lines.join(''), { mode: 0o600 });
  return runId;
}
