/**
 * The load generator of `raft-lab bench` (`out/main/bench-clients.js`): closed-loop clients in a process of their own,
 * so that their work is not counted as the cluster's. Reads its orders from the environment, warms up, measures, stops
 * its clients, writes its report, and ends. It also ends when its standard input does: its parent is gone then.
 */
import { performance } from 'node:perf_hooks';
import { createClock } from '../program/clock.ts';
import { Crowd } from './crowd.ts';
import { percentilesOf } from './latencies.ts';
import { LOAD_ORDERS, type LoadLine, type LoadOrders, type LoadReport, readOrders } from './orders.ts';

/** The orders make no sense; the same code as of the other programs. */
const BAD_ORDERS = 64;

for (const end of ['end', 'close', 'error'] as const) process.stdin.on(end, () => process.exit(0));
process.stdin.resume();
// A Ctrl-C in a terminal reaches the whole group of processes; the parent decides when this one ends.
process.on('SIGINT', () => undefined);

const orders = readOrders(process.env[LOAD_ORDERS] ?? '');
delete process.env[LOAD_ORDERS];
if ('problem' in orders) {
  console.error(orders.problem);
  process.exit(BAD_ORDERS);
}
const report = await measure(orders);
process.stdout.write(`${JSON.stringify({ type: 'report', report } satisfies LoadLine)}\n`, () => process.exit(0));

async function measure({ warmUpMs, measureMs, originNs, ...rest }: LoadOrders): Promise<LoadReport> {
  const crowd = new Crowd({ warmUpMs, measureMs, originNs, ...rest });
  const nowUs = createClock(originNs);
  await crowd.start();
  await pause(warmUpMs);
  crowd.beginWindow();
  const beganMs = performance.now();
  const [cpu, loop] = [process.cpuUsage(), performance.eventLoopUtilization()];
  say({ type: 'window-began', atUs: nowUs() });
  await pause(measureMs);
  const { counts, latenciesMs, answeredBy } = crowd.endWindow();
  const seconds = (performance.now() - beganMs) / 1000;
  const used = process.cpuUsage(cpu);
  const { utilization: loopBusy } = performance.eventLoopUtilization(loop);
  say({ type: 'window-ended', atUs: nowUs() });
  await crowd.stop();
  const cpuUs = used.user + used.system;
  const window = { ...counts, seconds, ...percentilesOf(latenciesMs), answeredBy, cpuUs, loopBusy };
  return { window, total: crowd.total, answers: crowd.answers };
}

function say(line: LoadLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
