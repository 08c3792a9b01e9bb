/** Starts the load generator against a cluster and reports when its measured window begins and ends. */
import { join } from 'node:path';
import { LOAD_ORDERS, type LoadLine, type LoadOrders, type LoadReport } from '../../load/orders.ts';
import { endWatch } from './lab-cluster.ts';
import { type Workshop, waitFor } from './workshop.ts';

/** The clients' measurements, and the window in microseconds since the run began. */
export interface LoadResult {
  readonly report: LoadReport;
  readonly window: { readonly fromUs: number; readonly toUs: number };
}

/** Callbacks while the load runs. */
export interface LoadHooks {
  readonly onStarted: (pid: number) => void;
  readonly onBegan: () => void;
  readonly onEnded: () => void;
}

/** Milliseconds within which every client must have its first answer, and at the end its last one. */
const SLACK_MS = 60_000;
const LOOK_EVERY_MS = 50;

/**
 * Runs the clients to their end.
 *
 * @param programFolder  folder of `bench-clients.js`
 * @throws CalledOff, or Error with the last line of its output when it ends without a report
 */
export async function runLoad(
  workshop: Workshop,
  programFolder: string,
  orders: LoadOrders,
  hooks: LoadHooks,
): Promise<LoadResult> {
  let report: LoadReport | null = null;
  const window = { fromUs: 0, toUs: 0 };
  const helper = workshop.start({
    program: join(programFolder, 'bench-clients.js'),
    env: { [LOAD_ORDERS]: JSON.stringify(orders) },
    onLine: (text) => {
      // The line comes from our own program.
      const line = JSON.parse(text) as LoadLine;
      if (line.type === 'window-began') {
        window.fromUs = line.atUs;
        hooks.onBegan();
      } else if (line.type === 'window-ended') {
        window.toUs = line.atUs;
        hooks.onEnded();
      } else report = line.report;
    },
  });
  hooks.onStarted(helper.pid);
  const withinMs = orders.warmUpMs + orders.measureMs + SLACK_MS;
  const hasEnded = endWatch(helper);
  try {
    const found = await waitFor(
      'the clients',
      { interrupted: workshop.interrupted, withinMs, everyMs: LOOK_EVERY_MS },
      () => report ?? hasEnded(),
    );
    return { report: found, window };
  } finally {
    await helper.end();
  }
}
