/**
 * A lab as a program of its own that keeps more and more memory while a cluster writes, until its run is over. Words: data
 * folder, folder of the built programs. Says `run ID` when the cluster is up, and `over MODE` when the lab has ended the run.
 */
import { openLabWithCluster } from './lab-program.ts';

const { lab, runId } = await openLabWithCluster();
process.stdout.write(`run ${runId}\n`);
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
