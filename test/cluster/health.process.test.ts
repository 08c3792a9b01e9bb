/** Real processes that are up and make no progress: the view shows them as stalled, and shows when that is over. */
import { expect, test } from 'vitest';
import type { ClusterView, EventName, TraceEvent } from '../../src/core/trace/index.ts';
import { labForEach } from '../helpers/lab-for-each.ts';
import type { LiveLab } from '../helpers/live-lab.ts';

let live: LiveLab;

labForEach({ servers: 3, pace: 'real' }, (started) => {
  live = started;
});

const eventsNamed = async (name: EventName): Promise<readonly TraceEvent[]> =>
  (await live.ask('events', { names: [name] })).events;

const stalled = ({ servers }: ClusterView): readonly string[] =>
  Object.values(servers).flatMap(({ id, health }) => (health.state === 'stalled' ? [id] : []));

// The process is stopped from outside, as a debugger or a shell's job control does. Windows has no such signal.
test.skipIf(process.platform === 'win32')(
  'health: follower stopped from outside → up and stalled; resumed → late, then well',
  async () => {
    const view = await live.until('a leader', (now) => now.leader !== null);
    const follower = live.servers.find((id) => id !== view.leader?.server) ?? '';
    const pid = view.servers[follower]?.pid ?? expect.fail('the follower has no process');
    // The cluster idles for more than two longest election timeouts. A leader that receives only replies is well.
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
    await live.until('its ticks were late', ({ servers }) => servers[follower]?.health.state === 'late');
    await live.until('it is well', ({ servers }) => servers[follower]?.health.state === 'ok');
  },
);

test('health: network process killed → stalled until its replacement is there', async () => {
  await live.until('a leader', (now) => now.leader !== null);
  const [first] = await eventsNamed('NetworkSpawned');
  if (first?.event !== 'NetworkSpawned') expect.fail('no network process was started');
  process.kill(first.pid, 'SIGKILL');
  await expect.poll(async () => (await eventsNamed('NetworkSpawned')).length).toBe(2);
  const [exited] = await eventsNamed('NetworkExited');
  const spawned = (await eventsNamed('NetworkSpawned')).at(-1);
  const stateAt = async (timeUs = 0): Promise<string> => (await live.ask('viewAt', { timeUs })).network.health.state;
  expect([await stateAt(exited?.timeUs), await stateAt(spawned?.timeUs)]).toEqual(['stalled', 'ok']);
});
