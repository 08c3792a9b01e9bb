/**
 * Keep alive with real servers: killed ones are restarted, and a damaged one ends keep alive with its last lines of
 * stderr.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { labForEach } from '../helpers/lab-for-each.ts';
import type { LiveLab } from '../helpers/live-lab.ts';

let live: LiveLab;

labForEach({ servers: 3, pace: 'real' }, (started) => {
  live = started;
});
beforeEach(async () => {
  await live.until('a leader', ({ leader }) => leader !== null);
});

test('keep alive: server killed with -9 → restarts from its files; switched off → stays down', async () => {
  const [one = '', two = ''] = live.servers;
  await live.ask('setKeepAlive', { on: true });
  await live.ask('kill', { servers: [one], signal: 'SIGKILL' });
  await live.until('its second life', ({ servers }) => servers[one]?.life === 2 && servers[one].status === 'up');
  await live.ask('setKeepAlive', { on: false });
  await live.ask('kill', { servers: [two], signal: 'SIGKILL' });
  await live.until('its end', ({ servers }) => servers[two]?.status === 'down' && servers[two].disk !== null);
  await live.ask('restart', { servers: [two] });
  await live.until('its second life', ({ servers }) => servers[two]?.life === 2 && servers[two].status === 'up');
});

test('keep alive: server with a damaged file → started three times, then off, with the reason', async () => {
  const [one = ''] = live.servers;
  await live.ask('kill', { servers: [one], signal: 'SIGKILL' });
  await live.until('its end', ({ servers }) => servers[one]?.status === 'down' && servers[one].disk !== null);
  writeFileSync(join(live.folderOf(one), 'state.json'), 'not what was written');
  await live.ask('setKeepAlive', { on: true });
  await live.ask('restart', { servers: [one] });
  const view = await live.until('it was given up', ({ keepAlive, story }) => {
    return !keepAlive && story.some(({ code }) => code === 'keep-alive-gave-up');
  });
  expect(view.servers[one]).toMatchObject({ status: 'failed', life: 4 });
  const { events } = await live.ask('events', { names: ['KeepAliveGaveUp'] });
  expect(events).toMatchObject([{ server: one, exits: 3, stderr: [expect.stringContaining('state.json')] }]);
});
