/**
 * The load generator of `raft-lab bench` (`out/main/bench-clients.js`): closed-loop clients in a separate process, so
 * that their work is not counted as the cluster's. It reads its orders from the environment, warms up, measures, stops
 * its clients, writes its report, and exits. It also exits when its standard input ends, because then its parent is
 * gone.
 */
import { performance } from 'node:perf_hooks';
import { EXIT } from '../core/wire/index.ts';
import { createClock } from '../program/clock.ts';
import { startProgram } from '../program/start-program.ts';
import { wayOut } from '../program/way-out.ts';
import { Crowd } from './crowd.ts';
import { percentilesOf } from './latencies.ts';
import { LOAD_ORDERS, type LoadLine, type LoadOrders, type LoadReport, readOrders } from './orders.ts';

await startProgram({
  variable: LOAD_ORDERS,
  parse: readOrders,
  wayOut: (error) => wayOut(error, 'the load generator', 'the bench'),
  start: async (orders, { fail }) => {
    const crowd = new Crowd(orders);
    measure(crowd, orders).then((report) => {
      const line: LoadLine = { type: 'report', report };
      process.stdout.write(`${JSON.stringify(line)}\n`, () => process.exit(EXIT.ok));
    }, fail);
    // The bench stopped this program before the report was written.
    return { stop: () => crowd.stop() };
  },
});

async function measure(crowd: Crowd, { warmUpMs, measureMs, originNs }: LoadOrders): Promise<LoadReport> {
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
