/**
 * A lab as a program of its own that keeps more and more memory while a cluster writes, until most of it is used up.
 * Arguments: data folder, folder of the built programs. Prints `run ID` when the cluster is up, and `over MODE` when
 * the lab has ended the run.
 */
import { getHeapStatistics } from 'node:v8';
import { openLabWithCluster } from './lab-program.ts';

const { lab, runId } = await openLabWithCluster();
process.stdout.write(`run ${runId}\n`);
await lab.ask('submit', { command: { op: 'set', key: 'x', value: '5' } });

/**
 * Share of the heap that is filled: more than the share at which the lab ends its run, and less than V8's limit,
 * because a busy machine needs time to end the run.
 */
const HOARDED = 0.87;

const kept: number[][] = [];
const hoard = setInterval(() => {
  const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = getHeapStatistics();
  if (usedBytes < HOARDED * limitBytes) kept.push(new Array<number>(100_000).fill(kept.length));
}, 5);
lab.listen((push) => {
  if (push.type !== 'mode' || push.mode.mode === 'live') return;
  clearInterval(hoard);
  kept.length = 0;
  process.stdout.write(`over ${push.mode.mode}\n`);
  void lab.close();
});
