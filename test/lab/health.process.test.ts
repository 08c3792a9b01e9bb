/** Real processes that are up and do nothing: the view says so, and says when it is over. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ClusterView } from '../../src/core/trace/index.ts';
import { type Bundle, bundlePrograms, LAB_PROGRAMS } from '../helpers/bundle.ts';
import { type LiveLab, startLab } from '../helpers/live-lab.ts';
import { processesOf } from '../helpers/processes-of.ts';

let bundle: Bundle;
let dataFolder: string;
let live: LiveLab;

beforeAll(async () => {
  bundle = await bundlePrograms(LAB_PROGRAMS);
});
beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-health-'));
  live = await startLab({ dataFolder, programs: bundle, choice: { servers: 3, pace: 'real' } });
});
afterEach(async () => {
  await live.close();
  expect(processesOf(live.runId)).toEqual([]);
  rmSync(dataFolder, { recursive: true, force: true });
});
afterAll(async () => await bundle.remove());

const stalled = ({ servers }: ClusterView): readonly string[] =>
  Object.values(servers).flatMap(({ id, health }) => (health.state === 'stalled' ? [id] : []));

// A process is stopped from outside, as a debugger or a job control shell does; Windows has no such signal.
test.skipIf(process.platform === 'win32')(
  'a follower is stopped from outside: up, and stalled; it goes on: well again',
  async () => {
    const view = await live.until('a leader', (now) => now.leader !== null);
    const follower = live.servers.find((id) => id !== view.leader?.server) ?? '';
    const pid = view.servers[follower]?.pid ?? expect.fail('the follower has no process');
    // Two longest election timeouts and more of an idle cluster: a leader that hears only replies is well.
    const isIdleAndWell = (now: ClusterView): boolean =>
      now.timeUs > view.timeUs + 3_000_000 && stalled(now).length === 0;
    await live.until('an idle cluster is well', isIdleAndWell);
    process.kill(pid, 'SIGSTOP');
    try {
      const sick = await live.until('it is stalled', (now) => stalled(now).includes(follower));
      expect(sick.servers[follower]?.status).toBe('up');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await live.until('it is well', (now) => !stalled(now).includes(follower));
  },
);
