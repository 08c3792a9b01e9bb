/** Keeps a trace that was not recorded here as a run among the recordings: a simulated run opens like a real one. */

import { writeFile } from 'node:fs/promises';
import packageJson from '../../package.json' with { type: 'json' };
import type { RunSettings } from '../core/catalogue/index.ts';
import type { TraceEvent } from '../core/trace/events.ts';
import { createRunFolder, runPaths } from './run-folder.ts';
import { sealedLine } from './trace-line.ts';

/**
 * Keeps a trace.
 *
 * @param dataFolder  as of a lab
 * @returns the name of the new run
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
