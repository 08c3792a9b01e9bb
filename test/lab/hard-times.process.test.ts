/**
 * Three rough moments with real servers: all of them killed at once under load, the leader stopped from a terminal
 * under load, and a lab that closes while a server is stopped. What was acknowledged is still there, once, in order.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RunChoice } from '../../src/core/lab-api/api.ts';
import { type Bundle, bundlePrograms, LAB_PROGRAMS } from '../helpers/bundle.ts';
import { type LiveLab, startLab } from '../helpers/live-lab.ts';
import { processesOf } from '../helpers/processes-of.ts';
import { readServerFiles, replay } from '../helpers/read-files.ts';
import { startWriters, type Writer } from '../helpers/writers.ts';

let bundle: Bundle;
let dataFolder: string;
let live: LiveLab;

beforeAll(async () => {
  bundle = await bundlePrograms(LAB_PROGRAMS);
});
afterEach(async () => {
  await live.close();
  expect(processesOf(live.runId)).toEqual([]);
  rmSync(dataFolder, { recursive: true, force: true });
});
afterAll(async () => await bundle.remove());

async function start(choice: RunChoice): Promise<Writer> {
  dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-hard-times-'));
  live = await startLab({ dataFolder, programs: bundle, choice: { servers: 5, pace: 'real', ...choice } });
  await live.until('a first leader', (view) => view.leader !== null);
  return startWriters(live.lab, 8);
}

async function acknowledged(writers: Writer, more: number): Promise<void> {
  const target = writers.acknowledged() + more;
  await writers.until(() => writers.acknowledged() >= target && writers.inFlight() > 0);
}

/** Ends the load, brings all logs together, closes the lab, and holds the files against what the writers were told. */
async function nothingLost(writers: Writer): Promise<void> {
  const { done, unknown } = await writers.stop();
  const last = await live.ask('submit', { command: { op: 'set', key: 'last', value: 'word' } });
  if (last.outcome !== 'done') throw new Error(`the last command is ${last.outcome}`);
  await live.until('equal logs everywhere', ({ servers }) =>
    Object.values(servers).every((one) => one.lastApplied === last.index && one.durableIndex === last.index),
  );
  await live.close();
  const logs = live.servers.map((id) => readServerFiles(live.folderOf(id)).log);
  for (const log of logs) expect(log.map(({ chain }) => chain)).toEqual(logs[0]?.map(({ chain }) => chain));
  const store = replay(logs[0] ?? []);
  for (const key of writers.keys) {
    const written = (store.get(key) ?? '').split(' ').filter((word) => word !== '');
    expect(new Set(written).size, `a word stands twice in ${key}`).toBe(written.length);
    const possible = new Set(unknown.filter((word) => word.key === key).map(({ word }) => word));
    expect(written.filter((word) => !possible.has(word))).toEqual(
      done.filter((word) => word.key === key).map(({ word }) => word),
    );
  }
}

describe('all five killed at once under load and restarted lose nothing', () => {
  for (const durability of ['fsync', 'os-cache'] as const) {
    for (const preset of ['paper', 'production'] as const) {
      test(`${durability}, ${preset}`, async () => {
        const writers = await start({ durability, preset });
        for (let round = 1; round <= 3; round += 1) {
          await acknowledged(writers, 60);
          await live.ask('kill', { servers: [...live.servers], signal: 'SIGKILL' });
          // At once, while the old processes are still ending.
          await live.ask('restart', { servers: [...live.servers] });
          await live.until(`everybody up in life ${round + 1}`, ({ servers }) =>
            Object.values(servers).every(({ status, life }) => status === 'up' && life === round + 1),
          );
        }
        await acknowledged(writers, 60);
        await nothingLost(writers);
      });
    }
  }
});

describe('the leader stopped for 3 s from a terminal under load', () => {
  for (const preset of ['paper', 'production'] as const) {
    test(`is no-answer at once, is replaced, and comes back; nothing is lost (${preset})`, async () => {
      const writers = await start({ preset });
      await acknowledged(writers, 60);
      const leader = live.view().leader?.server ?? 'S1';
      const pid = live.view().servers[leader]?.pid ?? 0;
      process.kill(pid, 'SIGSTOP');
      const stoppedAt = performance.now();
      expect(await live.ask('serverState', { server: leader })).toEqual({ noAnswer: true });
      expect(performance.now() - stoppedAt).toBeLessThan(1_000);
      const others = live.servers.filter((id) => id !== leader);
      for (const id of others)
        expect(await live.ask('serverState', { server: id })).toMatchObject({ term: expect.any(Number) });
      await live.until('another leader', (view) => view.leader !== null && view.leader.server !== leader);
      await acknowledged(writers, 60);
      await expect.poll(() => performance.now() - stoppedAt, { timeout: 10_000 }).toBeGreaterThan(3_000);
      process.kill(pid, 'SIGCONT');
      await expect
        .poll(async () => await live.ask('serverState', { server: leader }))
        .toMatchObject({ role: 'follower' });
      await acknowledged(writers, 60);
      expect(live.view().servers[leader]).toMatchObject({ life: 1, status: 'up', pid });
      await nothingLost(writers);
    });
  }
});

test('a lab that closes with a server and the network stopped leaves nothing', async () => {
  const writers = await start({});
  await acknowledged(writers, 30);
  process.kill(live.view().servers.S2?.pid ?? 0, 'SIGSTOP');
  const network = processesOf(live.runId).find(({ words }) => words.includes('--network'));
  process.kill(network?.pid ?? 0, 'SIGSTOP');
  const closing = live.close();
  // Told before anything else ends: what was on the way may or may not have happened.
  const { unknown } = await writers.stop();
  expect(unknown.length).toBeGreaterThan(0);
  await closing;
  expect(processesOf(live.runId)).toEqual([]);
});

test('a burst of large commands that waited for a stopped leader, and a look at the large store, end nobody', async () => {
  const writers = await start({ servers: 3 });
  const leader = live.view().leader?.server ?? 'S1';
  const pid = live.view().servers[leader]?.pid ?? 0;
  process.kill(pid, 'SIGSTOP');
  const orders = Array.from({ length: 160 }, (_, at) =>
    live.ask('start', { server: leader, command: { op: 'set', key: `large${at}`, value: 'x'.repeat(65_536) } }),
  );
  const answers = await Promise.all(orders);
  expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['no-answer']));
  process.kill(pid, 'SIGCONT');
  for (let at = 0; at < 160; at += 1) {
    const command = { op: 'set', key: `large${at}`, value: 'y'.repeat(65_536) } as const;
    expect(await live.ask('submit', { command })).toMatchObject({ outcome: 'done' });
  }
  const stores = await live.ask('stores', { limit: 10_000 });
  expect(Object.values(stores).map((store) => (store?.total ?? 0) >= 160)).toEqual([true, true, true]);
  await acknowledged(writers, 30);
  expect(live.servers.map((id) => live.view().servers[id]?.life)).toEqual([1, 1, 1]);
  await nothingLost(writers);
});
