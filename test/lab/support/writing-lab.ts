/**
 * A lab as a program of its own whose clients write without a pause. Arguments: data folder, folder of the built programs.
 * Prints the run's id and, once clients have written, `writing`; closes the run when stdin ends.
 */
import { once } from 'node:events';
import { openLabWithCluster } from './lab-program.ts';

const CLIENTS = 3;

const { lab, runId } = await openLabWithCluster();
process.stdout.write(`${runId}\n`);

let isOpen = true;
const clients = Array.from({ length: CLIENTS }, (_, at) => write(`key${at}`));
await lab.ask('submit', { command: { op: 'set', key: 'first', value: 'x' } });
process.stdout.write('writing\n');
process.stdin.resume();
await once(process.stdin, 'end');
isOpen = false;
await Promise.all(clients);
await lab.close();

async function write(key: string): Promise<void> {
  for (let round = 1; isOpen; round += 1) {
    await lab.ask('submit', { command: { op: 'set', key, value: String(round) } });
  }
}
