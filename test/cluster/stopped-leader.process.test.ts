/**
 * The leader is stopped from a terminal under load. The lab must report `no-answer` within a second, so this file runs
 * alone. Each acknowledged command is still there, once and in order.
 */
import { describe, expect, test } from 'vitest';
import { acknowledged, labUnderLoad, nothingLost } from '../lab/support/load.ts';

const load = labUnderLoad();

describe('leader stopped for 3 s from a terminal under load', () => {
  for (const preset of ['paper', 'production'] as const) {
    test(`stopped leader: under load (${preset}) → no-answer, replaced, then back; nothing is lost`, async () => {
      const writers = await load.start({ preset });
      await acknowledged(writers, 60);
      const leader = load.live.view().leader?.server ?? 'S1';
      const pid = load.live.view().servers[leader]?.pid ?? 0;
      process.kill(pid, 'SIGSTOP');
      const stoppedAt = performance.now();
      expect(await load.live.ask('serverState', { server: leader })).toEqual({ noAnswer: true });
      expect(performance.now() - stoppedAt).toBeLessThan(1_000);
      const others = load.live.servers.filter((id) => id !== leader);
      for (const id of others)
        expect(await load.live.ask('serverState', { server: id })).toMatchObject({ term: expect.any(Number) });
      await load.live.until('another leader', (view) => view.leader !== null && view.leader.server !== leader);
      await acknowledged(writers, 60);
      await expect.poll(() => performance.now() - stoppedAt, { timeout: 10_000 }).toBeGreaterThan(3_000);
      process.kill(pid, 'SIGCONT');
      await expect
        .poll(async () => await load.live.ask('serverState', { server: leader }))
        .toMatchObject({ role: 'follower' });
      await acknowledged(writers, 60);
      expect(load.live.view().servers[leader]).toMatchObject({ life: 1, status: 'up', pid });
      await nothingLost(load.live, writers);
    });
  }
});
