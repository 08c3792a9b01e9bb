/**
 * Common parts of labs that run as programs of their own. Their arguments are the data folder and the folder of the
 * built programs.
 */
import { join } from 'node:path';
import { createLab, type Lab } from '../../../src/lab/index.ts';

/** Opens a lab with three running servers. @throws Error when the cluster cannot be started */
export async function openLabWithCluster(): Promise<{ readonly lab: Lab; readonly runId: string }> {
  const [, , dataFolder = '', programs = ''] = process.argv;
  const file = (name: string): string => join(programs, `${name}.mjs`);
  const lab = await createLab({
    dataFolder,
    programs: { peer: file('peer'), network: file('network'), reaper: file('reaper') },
  });
  const mode = await lab.ask('createRun', { servers: 3, pace: 'real', durability: 'os-cache' });
  if (!mode.ok || mode.value.mode !== 'live') throw new Error(JSON.stringify(mode));
  return { lab, runId: mode.value.runId };
}
