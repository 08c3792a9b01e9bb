/**
 * SIGSTOP on real servers: a frozen server is silent for any time, and continues afterwards as if no time had passed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readScenario } from '../../src/core/scenario/index.ts';
import { unreadOf } from '../../src/core/trace/index.ts';
import { readProcess } from '../../src/program/process-info.ts';
import { labForEach } from '../helpers/lab-for-each.ts';
import type { LiveLab } from '../helpers/live-lab.ts';
import { processesOf } from '../helpers/processes-of.ts';

let live: LiveLab;
let dataFolder: string;

labForEach({ servers: 5, pace: 'real' }, (started, folder) => {
  live = started;
  dataFolder = folder;
});

/** Waits for a leader other than this server. */
async function leader(except = ''): Promise<string> {
  const view = await live.until('a leader', ({ leader }) => leader !== null && leader.server !== except);
  return view.leader?.server ?? '';
}

test('leader frozen → replaced; resumed → follows, catches up, skips its missed ticks', async () => {
  const first = await leader();
  const [frozen] = await live.ask('freeze', { servers: [first] });
  const pid = frozen?.pid ?? 0;
  expect(readProcess(pid)?.state).toBe('T');
  expect(await live.ask('serverState', { server: first })).toEqual({ noAnswer: true });
  const second = await leader(first);
  const answer = await live.ask('submit', { command: { op: 'set', key: 'x', value: '5' } });
  if (answer.outcome !== 'done') throw new Error(JSON.stringify(answer));
  expect(live.view().servers[first]?.status).toBe('frozen');
  await live.until('messages lie unread in its sockets', (view) => unreadOf(view, first) > 0);

  await live.ask('resume', { servers: [first] });
  await live.until('the resumed server caught up', (view) => {
    const server = view.servers[first];
    return server?.status === 'up' && server.role === 'follower' && server.lastApplied >= answer.index;
  });
  expect(readProcess(pid)?.state).not.toBe('T');
  expect(live.view().leader?.server).toBe(second);
  expect(live.view().servers[first]).toMatchObject({ life: 1, pid });
  await expect
    .poll(async () => (await live.ask('process', { server: first })).telemetry?.missedTicks ?? 0, { timeout: 10_000 })
    .toBeGreaterThan(5);
  // The server itself reports how long its clock stood still.
  const { events } = await live.ask('events', { names: ['TicksLate'] });
  const late = events.flatMap((event) => (event.event === 'TicksLate' && event.source === first ? event.missed : []));
  expect(Math.max(...late)).toBeGreaterThan(5);
});

test('majority frozen → nothing commits; resumed → waiting commands commit', async () => {
  const lead = await leader();
  const others = live.servers.filter((id) => id !== lead);
  await live.ask('freeze', { servers: others.slice(0, 3) });
  const started = await live.ask('startCommand', { server: lead, command: { op: 'set', key: 'y', value: '1' } });
  expect(started.outcome).toBe('accepted');
  await live.until('the leader holds it', (view) => (view.servers[lead]?.lastIndex ?? 0) >= (started.index ?? 0));
  expect(live.view().commitIndex).toBeLessThan(started.index ?? 0);
  await live.ask('resume', { servers: others.slice(0, 3) });
  await leader();
  const answer = await live.ask('submit', { command: { op: 'set', key: 'z', value: '2' } });
  expect(answer.outcome).toBe('done');
});

test('freeze, resume: wrong state → refused by name; frozen server → can be restarted', async () => {
  await leader();
  const [one] = live.servers;
  if (one === undefined) throw new Error('no servers');
  const code = async (name: 'freeze' | 'resume', server: string): Promise<string> => {
    const result = await live.lab.ask(name, { servers: [server] });
    return result.ok ? 'ok' : result.error.code;
  };
  expect(await code('freeze', 'S9')).toBe('unknown-server');
  expect(await code('resume', one)).toBe('not-frozen');
  expect(await code('freeze', one)).toBe('ok');
  expect(await code('freeze', one)).toBe('already-frozen');
  await live.ask('kill', { servers: [one], signal: 'SIGKILL' });
  await live.until('it is down', (view) => view.servers[one]?.status === 'down');
  expect(await code('freeze', one)).toBe('not-up');
  await live.ask('restart', { servers: [one] });
  await live.until('it is up again', (view) => view.servers[one]?.status === 'up' && view.servers[one].life === 2);
});

test('heal: keepFrozen → links healed, servers stay frozen; without it → servers resume', async () => {
  await leader();
  await live.ask('freeze', { servers: ['S5'] });
  const { fault } = await live.ask('cutOff', { servers: ['S1'] });
  expect(await live.ask('heal', { keepFrozen: true })).toEqual({ healed: [fault], resumed: [] });
  expect(await live.ask('heal', {})).toEqual({ healed: [], resumed: ['S5'] });
});

test('scenario step heal: links, one server frozen → commands done, server stays frozen', async () => {
  const scenario = readScenario(`
name: HealLinks
title: { en: Links heal while a server is frozen, zh: 服务器冻结时链路恢复 }
cluster: { servers: 3 }
steps:
  - checkOneLeader: L
  - freeze: L
  - partition: [[L + 1], [L + 2]]
  - heal: links
  - submit: set x 5
`);
  const progress = { began: () => undefined, warned: () => undefined, noted: () => undefined };
  const played = await live.lab.play({ scenario, seed: 1, progress });
  if (!played.ok) throw new Error(played.error.message);
  expect(played.value.reason).toBe('');
  await live.close();
  const trace = readFileSync(join(dataFolder, 'runs', played.value.runId, 'events.jsonl'), 'utf8');
  expect(trace).toContain('"event":"FaultEnded"');
  expect(trace).not.toContain('"event":"ServerResumed"');
});

test('lab: closes while servers are frozen → no process is left', async () => {
  await leader();
  await live.ask('freeze', { servers: live.servers });
  await live.close();
  expect(processesOf(live.runId)).toEqual([]);
});
