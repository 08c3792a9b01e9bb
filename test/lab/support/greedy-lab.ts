/**
 * A lab as a program of its own that keeps more and more memory while a cluster writes, until its run is over. Words: data
 * folder, folder of the built programs. Says `run ID` when the cluster is up, and `over MODE` when the lab has ended the run.
 */
import { join } from 'node:path';
import { createLab } from '../../../src/lab/index.ts';

const [, , dataFolder = '', programs = ''] = process.argv;
const file = (name: string): string => join(programs, `${name}.mjs`);
const lab = await createLab({
  dataFolder,
  programs: { peer: file('peer'), network: file('network'), reaper: file('reaper') },
});
const mode = await lab.ask('createRun', { servers: 3, pace: 'real', durability: 'os-cache' });
if (!mode.ok || mode.value.mode !== 'live') throw new Error(JSON.stringify(mode));
process.stdout.write(`run ${mode.value.runId}\n`);
await lab.ask('submit', { command: { op: 'set', key: 'x', value: '5' } });

const kept: number[][] = [];
const hoard = setInterval(() => kept.push(new Array<number>(100_000).fill(kept.length)), 5);
lab.listen((push) => {
  if (push.type !== 'mode' || push.mode.mode === 'live') return;
  clearInterval(hoard);
  kept.length = 0;
  process.stdout.write(`over ${push.mode.mode}\n`);
  void lab.close();
});
