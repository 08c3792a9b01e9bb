/**
 * One row of the bench: a fresh cluster, a warm-up, a measured window, and the comparison of the clients' answers with
 * the servers' files. Flow: index.ts or compare.ts → here → lab-cluster or bare-cluster, load, verdict.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readLogFrom } from '../../lab/index.ts';
import { startBareCluster } from './bare-cluster.ts';
import type { Checkout } from './checkout.ts';
import { type Cluster, type States, settledStates, type Traffic } from './cluster.ts';
import { startLabCluster } from './lab-cluster.ts';
import { type LoadResult, runLoad } from './load.ts';
import { type ByProcess, type Metered, type MeteredPids, metered, type Reading, readMeter } from './meter.ts';
import type { BenchOptions, Combination } from './options.ts';
import { type ServerLog, type VoidReason, verdictOf } from './verdict.ts';
import type { Workshop } from './workshop.ts';

/** Length of the warm-up before the measured window, milliseconds. */
export const WARM_UP_MS = 1_500;
/** Number of keys from which each command draws one. */
export const KEYS = 10_000;
/** Share of all processors used by other programs above which a row is marked. */
const BUSY_SHARE = 0.1;

/** A measured row. Figures "a command" are divided by the commands done in the window. */
export interface Row extends Combination {
  /** Reasons why the row does not count; empty when it counts. */
  readonly void: readonly VoidReason[];
  readonly seconds: number;
  readonly writesPerSecond: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
  readonly done: number;
  readonly unknown: number;
  readonly refused: number;
  /** CPU time for one command by kind of process, microseconds. */
  readonly cpuUs: ByProcess & { readonly all: number | null };
  readonly rssBytes: ByProcess;
  /** Events per command; null when they were not counted. */
  readonly events: number | null;
  readonly messages: number | null;
  readonly linkBytes: number | null;
  readonly traceBytes: number | null;
  /** Number of leaders elected in the window. */
  readonly elections: number | null;
  /** Share of the window in which the load generator's event loop was busy, 0–1. */
  readonly clientsBusy: number;
  /** Share of all processors used by other programs, 0–1; null where the system does not report it. */
  readonly otherShare: number | null;
  readonly isMachineBusy: boolean;
  /** Number of acknowledged commands that were compared with the logs, warm-up included. */
  readonly checked: number;
}

/** The options that all rows of a bench share. */
export interface RowSetting {
  readonly workshop: Workshop;
  /** Folder of the built programs of the bench itself. */
  readonly programFolder: string;
  readonly options: Pick<BenchOptions, 'seconds' | 'valueBytes' | 'lab'>;
}

/** @throws CalledOff, or Error with a sentence: the lab failed */
export async function measureRow(setting: RowSetting, checkout: Checkout, of: Combination): Promise<Row> {
  const { workshop, programFolder, options } = setting;
  rowsSoFar += 1;
  const dataFolder = join(workshop.folder, `row-${rowsSoFar}`);
  const start = { ...of, checkout, dataFolder, programFolder };
  const cluster = await (options.lab ? startLabCluster(workshop, start) : startBareCluster(workshop, start));
  let measured: Measured;
  let states: States;
  try {
    measured = await measure(setting, cluster, of);
    states = await settledStates(workshop, cluster);
  } finally {
    await cluster.stop();
  }
  const traffic = await cluster.traffic(measured.load.window);
  const reasons = verdictOf({
    answers: measured.load.report.answers,
    logs: await logsOf(cluster.folders),
    lastApplied: Object.fromEntries(Object.entries(states).map(([id, state]) => [id, state?.lastApplied ?? null])),
  });
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  return rowOf(of, measured, traffic, reasons);
}

let rowsSoFar = 0;

/** The facts found while the cluster ran. */
export interface Measured {
  readonly load: LoadResult;
  readonly meter: Metered;
}

async function measure(setting: RowSetting, cluster: Cluster, { clients }: Combination): Promise<Measured> {
  const { workshop, programFolder, options } = setting;
  cluster.leaveAlone();
  const pids: MeteredPids & { clients: number } = { ...cluster.pids, clients: 0, bench: process.pid };
  const readings: Reading[] = [];
  const marks: Promise<void>[] = [];
  const read = (): void => {
    readings.push(readMeter(pids));
    marks.push(cluster.mark());
  };
  const { runId, secret, networkUrl, originNs } = cluster.admission;
  const load = await runLoad(
    workshop,
    programFolder,
    {
      runId,
      secret,
      networkUrl,
      originNs,
      clients,
      keys: KEYS,
      valueBytes: options.valueBytes,
      servers: Object.keys(cluster.pids.servers),
      warmUpMs: WARM_UP_MS,
      measureMs: options.seconds * 1000,
    },
    {
      onStarted: (pid) => {
        pids.clients = pid;
      },
      onBegan: read,
      onEnded: read,
    },
  );
  await Promise.all(marks);
  const [began, ended] = readings;
  if (began === undefined || ended === undefined) throw new Error('the clients reported no window');
  // The clients name the leader. The servers' states before and after would miss a change during the warm-up.
  const [leader = null, ...others] = load.report.window.answeredBy;
  return { load, meter: metered(pids, others.length === 0 ? leader : null, began, ended) };
}

async function logsOf(folders: Readonly<Record<string, string>>): Promise<readonly ServerLog[]> {
  const logs: ServerLog[] = [];
  // The logs are read one after another, because each may be tens of megabytes.
  for (const [server, folder] of Object.entries(folders)) {
    logs.push({ server, ...(await readLogFrom(folder, 1)) });
  }
  return logs;
}

/** Makes a row from the measurements. Pure. */
export function rowOf(
  of: Combination,
  { load, meter }: Measured,
  traffic: Traffic | null,
  reasons: readonly VoidReason[],
): Row {
  const { window, total } = load.report;
  const { done, unknown, refused, seconds } = window;
  const each = (value: number | null | undefined): number | null =>
    value === null || value === undefined || done === 0 ? null : value / done;
  const { leader, follower, network, lab } = meter.cpuUs;
  const { p50Ms, p99Ms, maxMs } = window;
  return {
    ...of,
    void: reasons,
    seconds,
    writesPerSecond: done / seconds,
    p50Ms,
    p99Ms,
    maxMs,
    done,
    unknown,
    refused,
    cpuUs: {
      leader: each(leader),
      follower: each(follower),
      network: each(network),
      lab: each(lab),
      clients: each(window.cpuUs),
      all: each(meter.clusterCpuUs),
    },
    rssBytes: meter.rssBytes,
    events: each(traffic?.events),
    messages: each(traffic?.messages),
    linkBytes: each(traffic?.linkBytes),
    traceBytes: each(traffic?.traceBytes),
    elections: traffic?.elections ?? null,
    clientsBusy: window.loopBusy,
    otherShare: meter.otherShare,
    isMachineBusy: (meter.otherShare ?? 0) > BUSY_SHARE,
    checked: total.done,
  };
}
