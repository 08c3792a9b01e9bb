/**
 * A lab with much more load than it can judge while it runs. For three minutes nine servers serve 256 clients, and
 * every ten seconds one server is killed and restarted. The lab's memory must stay flat and small. One Ctrl-C then ends
 * it in order. `verdicts.json` names the last judged event, and `raft-lab check` judges the whole recording. Times are
 * only printed beside their bounds, because they depend on this machine.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyCheckout } from '../../src/cli/bench/checkout.ts';
import { startLabCluster } from '../../src/cli/bench/lab-cluster.ts';
import { openLabSocket } from '../../src/cli/bench/lab-socket.ts';
import { runLoad } from '../../src/cli/bench/load.ts';
import { usageOf } from '../../src/cli/bench/usage.ts';
import { openWorkshop, type Workshop } from '../../src/cli/bench/workshop.ts';
import { judgeRunFolder } from '../../src/lab/index.ts';
import { median } from '../helpers/judge-costs.ts';
import { until } from '../helpers/until.ts';

const top = resolve(import.meta.dirname, '../..');
const SECONDS = Number(process.env.RAFT_LAB_HEAVY_SECONDS ?? 180);
const CLIENTS = 256;
const KILL_EVERY_MS = 10_000;
const MOST_BYTES = 700e6;
/**
 * Growth in bytes, from the first to the second half of the last minute, that still counts as flat. The garbage
 * collector alone causes larger swings.
 */
const FLAT_BYTES = 50e6;
const END_MS = 5_000;

let folder: string;
let workshop: Workshop;

beforeAll(async () => {
  folder = process.env.RAFT_LAB_HEAVY_FOLDER ?? mkdtempSync(join(tmpdir(), 'raft-lab-heavy-'));
  workshop = await openWorkshop(new AbortController().signal);
});

afterAll(async () => {
  await workshop?.close();
  if (process.env.RAFT_LAB_HEAVY_FOLDER === undefined) rmSync(folder, { recursive: true, force: true });
});

test(`nine servers, ${CLIENTS} clients, kills → memory flat and small, the rest judged later`, {
  timeout: 1_800_000,
}, async () => {
  const checkout = await copyCheckout(top, join(workshop.folder, 'checkout'));
  const order = { servers: 9, clients: CLIENTS, durability: 'os-cache' } as const;
  const cluster = await startLabCluster(workshop, { ...order, checkout, dataFolder: folder });
  const { lab, servers } = cluster.pids;
  const ids = Object.keys(servers);
  const socket = await openLabSocket(cluster.address);
  await socket.ask('setKeepAlive', { on: true });

  const memory: { readonly atMs: number; readonly bytes: number }[] = [];
  const began = performance.now();
  const sampling = setInterval(() => {
    const bytes = usageOf([lab]).get(lab)?.rssBytes ?? 0;
    memory.push({ atMs: performance.now() - began, bytes });
  }, 1_000);
  let kills = 0;
  let refused = 0;
  const killing = setInterval(() => {
    const server = ids[kills % ids.length] ?? '';
    kills += 1;
    // A kill of a server that is still starting is refused, which this test only counts.
    socket.ask('kill', { servers: [server], signal: 'SIGKILL' }).catch(() => (refused += 1));
  }, KILL_EVERY_MS);
  const { report } = await runLoad(
    workshop,
    join(top, 'out', 'main'),
    {
      ...cluster.admission,
      ...{ servers: ids, clients: CLIENTS, keys: 10_000, valueBytes: 100 },
      ...{ warmUpMs: 1_500, measureMs: SECONDS * 1_000 },
    },
    { onStarted: () => undefined, onBegan: () => undefined, onEnded: () => undefined },
  );
  clearInterval(sampling);
  clearInterval(killing);
  socket.close();
  cluster.leaveAlone();

  const signalled = performance.now();
  process.kill(lab, 'SIGINT');
  await until('the lab is gone', () => usageOf([lab]).get(lab) === null);
  const endMs = performance.now() - signalled;

  const run = join(folder, 'runs', cluster.admission.runId);
  const kept = JSON.parse(readFileSync(join(run, 'verdicts.json'), 'utf8'));
  const judged = await judgeRunFolder(run);
  const end = memory.at(-1)?.atMs ?? 0;
  const inLast = (fromMs: number, toMs: number): number[] =>
    memory.filter(({ atMs }) => atMs > end - fromMs && atMs <= end - toMs).map(({ bytes }) => bytes);
  const most = Math.max(...memory.map(({ bytes }) => bytes));
  const growth = median(inLast(30_000, 0)) - median(inLast(60_000, 30_000));
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  console.log(
    `${report.window.done} writes, ${kills - refused} kills, ${judged.events} events; lab: at most ${mb(most)}, ` +
      `${growth < 0 ? '−' : '+'}${mb(Math.abs(growth))} over the last minute; ended ${(endMs / 1_000).toFixed(1)} s after Ctrl-C ` +
      `(${endMs <= END_MS ? 'met' : 'NOT MET'}); judged live up to event ${kept.lastSeq} of ${judged.lastSeq}`,
  );
  console.log(
    `memory every 10 s: ${memory
      .filter((_, at) => at % 10 === 0)
      .map(({ bytes }) => mb(bytes))
      .join(', ')}`,
  );
  expect(kept.lastSeq).toBeGreaterThan(0);
  expect(judged.lastSeq).toBeGreaterThanOrEqual(kept.lastSeq);
  expect(judged.outcome).toBe('valid');
  expect(most).toBeLessThan(MOST_BYTES);
  expect(growth).toBeLessThan(FLAT_BYTES);
});
