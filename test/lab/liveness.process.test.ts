/**
 * Liveness of real runs in which a process stands still without the lab's doing: a server that boots slowly, the network
 * process, the lab itself. None of it is a fault of Raft, and the verdict does not call it one.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { judgeRunFolder } from '../../src/lab/index.ts';
import { type Bundle, bundlePrograms, LAB_PROGRAMS } from '../helpers/bundle.ts';
import { type LiveLab, startLab } from '../helpers/live-lab.ts';
import { processesOf } from '../helpers/processes-of.ts';

/** Longer than the bound for a leader and for an answer: ten times the longest election timeout of 300 ms. */
const STANDSTILL_MS = 4_000;

let bundle: Bundle;
let dataFolder: string;
let live: LiveLab;

beforeAll(async () => {
  bundle = await bundlePrograms(LAB_PROGRAMS);
});
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-liveness-'));
});
afterEach(async () => {
  await live.close();
  expect(processesOf(live.runId)).toEqual([]);
  rmSync(dataFolder, { recursive: true, force: true });
});
afterAll(async () => await bundle.remove());

/** Stops a process of the run for `STANDSTILL_MS`, as somebody in another terminal would. @param words  of its command line */
async function standStill(words: string): Promise<void> {
  const [found] = processesOf(live.runId).filter((one) => one.words.includes(words));
  if (found === undefined) throw new Error(`the run has no process with ${words}`);
  process.kill(found.pid, 'SIGSTOP');
  await wait(STANDSTILL_MS);
  process.kill(found.pid, 'SIGCONT');
}

test('liveness: two servers wait for one that boots slowly → valid, counted from when they go', async () => {
  live = await startLab({ dataFolder, programs: bundle, choice: { servers: 3, pace: 'real' } });
  await standStill('--server S3');
  await live.until('a leader', ({ leader }) => leader !== null);
  const { events } = await live.ask('events', { names: ['ServerReady', 'TicksBegan'] });
  const [begin, ...more] = events.filter(({ event }) => event === 'TicksBegan').map(({ timeUs }) => timeUs);
  const ready = events.filter(({ event }) => event === 'ServerReady').map(({ timeUs }) => timeUs);
  expect([ready.length, more.length]).toEqual([3, 2]);
  // The others really waited.
  expect(Math.max(...ready) - Math.min(...ready)).toBeGreaterThan(3_000_000);
  expect(begin).toBeGreaterThan(Math.max(...ready));
  await live.close();
  const { liveness } = await judgeRunFolder(join(dataFolder, 'runs', live.runId));
  expect(liveness).toMatchObject({ outcome: 'valid', leaders: 1, violation: null });
});
