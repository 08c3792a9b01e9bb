/**
 * Rough moments with real servers: all of them killed at once under load, a lab that closes while a server is stopped,
 * and a burst of commands for a stopped leader. Each acknowledged command is still there, once and in order.
 */
import { describe, expect, test } from 'vitest';
import { processesOf } from '../helpers/processes-of.ts';
import { acknowledged, labUnderLoad, nothingLost } from '../lab/support/load.ts';

const load = labUnderLoad();

/** Each durability and each preset once. `npm run test:long -- kills` takes every pair of them. */
const SETTINGS = (['fsync', 'os-cache'] as const)
  .flatMap((durability) => (['paper', 'production'] as const).map((preset) => ({ durability, preset })))
  .filter(
    ({ durability, preset }) =>
      process.env.RAFT_LAB_TEST_EVERY_SETTING === '1' || (durability === 'fsync') === (preset === 'production'),
  );

describe('all five servers: killed at once under load and restarted → nothing is lost', () => {
  test.each(SETTINGS)(
    '$durability, $preset → every acknowledged command is there once',
    async ({ durability, preset }) => {
      const writers = await load.start({ durability, preset });
      for (let round = 1; round <= 3; round += 1) {
        await acknowledged(writers, 60);
        await load.live.ask('kill', { servers: [...load.live.servers], signal: 'SIGKILL' });
        // At once, while the old processes are still ending.
        await load.live.ask('restart', { servers: [...load.live.servers] });
        await load.live.until(`everybody up in life ${round + 1}`, ({ servers }) =>
          Object.values(servers).every(({ status, life }) => status === 'up' && life === round + 1),
        );
      }
      await acknowledged(writers, 60);
      await nothingLost(load.live, writers);
    },
  );
});

test('lab: closes with a server and the network stopped → no process is left', async () => {
  const writers = await load.start({});
  await acknowledged(writers, 30);
  process.kill(load.live.view().servers.S2?.pid ?? 0, 'SIGSTOP');
  const network = processesOf(load.live.runId).find(({ words }) => words.includes('--network'));
  process.kill(network?.pid ?? 0, 'SIGSTOP');
  const closing = load.live.close();
  // The load stops before any process ends. Commands still under way have an unknown outcome.
  const { unknown } = await writers.stop();
  expect(unknown.length).toBeGreaterThan(0);
  await closing;
  expect(processesOf(load.live.runId)).toEqual([]);
});

test('stopped leader: burst of large commands, then a read of the store → no process ends', async () => {
  const writers = await load.start({ servers: 3 });
  const leader = load.live.view().leader?.server ?? 'S1';
  const pid = load.live.view().servers[leader]?.pid ?? 0;
  process.kill(pid, 'SIGSTOP');
  const orders = Array.from({ length: 160 }, (_, at) =>
    load.live.ask('startCommand', {
      server: leader,
      command: { op: 'set', key: `large${at}`, value: 'x'.repeat(65_536) },
    }),
  );
  const answers = await Promise.all(orders);
  expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['no-answer']));
  process.kill(pid, 'SIGCONT');
  for (let at = 0; at < 160; at += 1) {
    const command = { op: 'set', key: `large${at}`, value: 'y'.repeat(65_536) } as const;
    expect(await load.live.ask('submit', { command })).toMatchObject({ outcome: 'done' });
  }
  const stores = await load.live.ask('stores', { limit: 10_000 });
  expect(Object.values(stores).map((store) => (store?.total ?? 0) >= 160)).toEqual([true, true, true]);
  await acknowledged(writers, 30);
  expect(load.live.servers.map((id) => load.live.view().servers[id]?.life)).toEqual([1, 1, 1]);
  await nothingLost(load.live, writers);
});
