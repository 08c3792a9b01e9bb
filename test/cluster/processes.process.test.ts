/** The lab's handling of a run's processes, shown with fake programs that know no Raft and misbehave on request. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { TraceEvent } from '../../src/core/trace/index.ts';
import { EXIT } from '../../src/core/wire/index.ts';
import { type Bundle, bundlePrograms } from '../helpers/bundle.ts';
import { type LiveLab, startLab } from '../helpers/live-lab.ts';
import { processesOf } from '../helpers/processes-of.ts';
import type { Behaviour } from '../lab/support/fake-peer.ts';

let bundle: Bundle;
let dataFolder: string;
let live: LiveLab;

beforeAll(async () => {
  bundle = await bundlePrograms({
    peer: 'test/lab/support/fake-peer.ts',
    network: 'test/lab/support/failing-network.ts',
    reaper: 'src/cluster/reaper.ts',
  });
  process.env.NODE_OPTIONS_OF_THE_TEST = 'must not be inherited';
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await live.close();
  expect(processesOf(live.runId)).toEqual([]);
  rmSync(dataFolder, { recursive: true, force: true });
});
afterAll(async () => {
  delete process.env.NODE_OPTIONS_OF_THE_TEST;
  await bundle.remove();
});

async function start(servers = 3): Promise<void> {
  dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-processes-'));
  live = await startLab({ dataFolder, programs: bundle, choice: { servers, pace: 'real' } });
  await live.until('everybody up', (view) => Object.values(view.servers).every((server) => server.status === 'up'));
}

function behave(server: string, behaviour: Behaviour): void {
  mkdirSync(live.folderOf(server), { recursive: true });
  writeFileSync(join(live.folderOf(server), 'behaviour.json'), JSON.stringify(behaviour));
}

async function restart(server: string): Promise<void> {
  await live.ask('kill', { servers: [server], signal: 'SIGKILL' });
  await live.ask('restart', { servers: [server] });
}

async function eventsNamed(...names: string[]): Promise<readonly TraceEvent[]> {
  return (await live.ask('events', { names, limit: 1_000 })).events;
}

test('server: started → has its options and a short environment; ticks when all are ready', async () => {
  vi.stubEnv('LD_LIBRARY_PATH', '/opt/node/lib');
  vi.stubEnv('NODE_OPTIONS', '--no-warnings');
  await start();
  const shown = await live.ask('process', { server: 'S1' });
  expect(shown.stdout[0]).toMatch(/^names: /);
  const names = (shown.stdout[0] ?? '').replace('names: ', '').split(' ');
  expect(names).toEqual(expect.arrayContaining(['LD_LIBRARY_PATH', 'RAFT_LAB_SERVER']));
  const usual = ['PATH', 'LANG', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'USERPROFILE', 'SystemRoot', 'LD_LIBRARY_PATH'];
  expect(names.filter((name) => !usual.includes(name))).toEqual(['RAFT_LAB_SERVER']);
  expect(shown.stdout[1]).toBe('flags:  mustExist false');
  await expect.poll(async () => (await live.ask('process', { server: 'S1' })).stdout[2]).toBe('go');
  expect(shown).toMatchObject({ server: 'S1', life: 1, exit: null, stderr: [] });
  expect(shown.pid).toBe(live.view().servers.S1?.pid);
  expect(readFileSync(join(live.folderOf('S1'), 'stdout.log'), 'utf8')).toContain('names: ');
  const own = processesOf(live.runId).map(({ words }) => words);
  expect(own).toHaveLength(5);
  const secret = /"secret":"([^"]+)"/.exec(readFileSync(`/proc/${shown.pid}/environ`, 'utf8'))?.[1] ?? 'none';
  expect(secret).toMatch(/^[\w-]{43}$/);
  expect(own.filter((words) => words.includes(secret))).toEqual([]);
});

test('server: killed → down by order, no restart by itself; restart → its next life', async () => {
  await start();
  const [killed] = await live.ask('kill', { servers: ['S2'], signal: 'SIGKILL' });
  await live.until('S2 down', (view) => view.servers.S2?.status === 'down');
  expect(live.view().servers.S2).toMatchObject({ pid: null, exit: { signal: 'SIGKILL', ordered: true } });
  expect(await live.lab.ask('kill', { servers: ['S2', 'S1'], signal: 'SIGKILL' })).toMatchObject({
    ok: false,
    error: { code: 'already-down', params: { server: 'S2' } },
  });
  const [restarted] = await live.ask('restart', { servers: ['S2'] });
  expect(restarted?.pid).not.toBe(killed?.pid);
  await live.until('S2 up', (view) => view.servers.S2?.status === 'up' && view.servers.S2.life === 2);
  expect((await live.ask('process', { server: 'S2' })).stdout[1]).toMatch(/mustExist true/);
  expect(await live.lab.ask('restart', { servers: ['S2'] })).toMatchObject({ error: { code: 'already-up' } });
  const told = (await eventsNamed('SignalOrdered', 'ServerExited', 'DiskObserved', 'ServerSpawned', 'ServerReady'))
    .filter((event) => 'server' in event && event.server === 'S2')
    .map((event) => `${event.event} ${'ofLife' in event ? event.ofLife : ''}`);
  expect(told).toEqual([
    ...['ServerSpawned 1', 'ServerReady 1', 'SignalOrdered 1', 'ServerExited 1', 'DiskObserved 1'],
    ...['ServerSpawned 2', 'ServerReady 2'],
  ]);
});

test('server: killed from a terminal → noticed, and noted as not ordered by the lab', async () => {
  await start();
  const pid = live.view().servers.S3?.pid ?? 0;
  process.kill(pid, 'SIGKILL');
  await live.until('S3 down', (view) => view.servers.S3?.status === 'down');
  expect(live.view().servers.S3?.exit).toMatchObject({ signal: 'SIGKILL', code: null, ordered: false });
});

test('server: fails at its start → its message without escape codes; the others continue', async () => {
  await start();
  behave('S1', { failWith: { sentence: 'state.json is damaged at byte 7', code: 74 } });
  await restart('S1');
  await live.until('S1 failed', (view) => view.servers.S1?.status === 'failed');
  const exit = { code: 74, signal: null, ordered: false };
  expect(live.view().servers.S1?.exit).toMatchObject({ ...exit, message: 'state.json is damaged at byte 7' });
  expect(await live.ask('process', { server: 'S1' })).toMatchObject({
    exit,
    stderr: ['state.json is damaged at byte 7'],
  });
  expect(live.view().servers.S2?.status).toBe('up');
});

test('server: does not answer → no-answer in time; ignores SIGTERM → killed when the lab closes', async () => {
  await start();
  behave('S1', { deaf: true });
  behave('S2', { ignoreSigterm: true, ignoreControl: true });
  await restart('S1');
  await restart('S2');
  await live.until('both up again', ({ servers }) =>
    [servers.S1, servers.S2].every((server) => server?.status === 'up' && server.life === 2),
  );
  expect(await live.ask('serverState', { server: 'S1' })).toEqual({ noAnswer: true });
  expect(await live.ask('startCommand', { server: 'S1', command: { op: 'get', key: 'x' } })).toMatchObject({
    outcome: 'no-answer',
  });
  const stores = await live.ask('stores', { limit: 10 });
  expect([stores.S1, stores.S2 === null]).toEqual([null, false]);
  await live.close();
});

test('server: announced write does not end → disk-silent once in the trace; next life → ok', async () => {
  await start();
  behave('S1', { hangsInWrite: true });
  await restart('S1');
  const sick = await live.until('its disk is silent', ({ servers }) => servers.S1?.health.state === 'disk-silent');
  expect(sick.servers.S1).toMatchObject({ status: 'up', life: 2 });
  behave('S1', {});
  await restart('S1');
  await live.until('well again', ({ servers }) => servers.S1?.life === 3 && servers.S1.health.state === 'ok');
  expect(await eventsNamed('DiskSilent')).toMatchObject([{ server: 'S1', ofLife: 2 }]);
});

test('network: dies → replaced with the same port and the same cuts', async () => {
  await start();
  await live.ask('cutOff', { servers: ['S1'] });
  const [first] = await eventsNamed('NetworkSpawned');
  const pid = first?.event === 'NetworkSpawned' ? first.pid : 0;
  process.kill(pid, 'SIGKILL');
  await expect.poll(async () => (await eventsNamed('NetworkSpawned')).length).toBe(2);
  expect(await eventsNamed('NetworkExited')).toMatchObject([{ pid, signal: 'SIGKILL', cause: 'not-ordered' }]);
  const policies = async (): Promise<readonly TraceEvent[]> =>
    (await eventsNamed('LinkPolicyChanged')).filter((event) => event.life === 2);
  await expect.poll(async () => (await policies()).length).toBe(4);
  await live.ask('heal', {});
  await expect.poll(async () => (await policies()).length).toBe(8);
  expect(await eventsNamed('LabFailed')).toEqual([]);
});

test('network: crashes → exit code and sentence in the trace, replaced', async () => {
  await start();
  const [first] = await eventsNamed('NetworkSpawned');
  const pid = first?.event === 'NetworkSpawned' ? first.pid : Number.NaN;
  process.kill(pid, 'SIGUSR2');
  await expect.poll(async () => (await eventsNamed('NetworkSpawned')).length).toBe(2);
  const message = 'the network process crashed: a bug';
  const how = { code: EXIT.crashed, signal: null, cause: 'not-ordered', message };
  expect(await eventsNamed('NetworkExited')).toMatchObject([{ pid, ...how }]);
});

test('network: dies again and again → lab failure: the run stops and is shown as a recording', async () => {
  await start();
  for (let death = 1; death <= 4; death += 1) {
    await expect.poll(async () => (await eventsNamed('NetworkSpawned')).length).toBe(death);
    const last = (await eventsNamed('NetworkSpawned')).at(-1);
    process.kill(last?.event === 'NetworkSpawned' ? last.pid : 0, 'SIGKILL');
  }
  await expect
    .poll(async () => await live.lab.ask('ready', { autoStart: false }))
    .toMatchObject({
      value: { mode: 'past', runId: live.runId },
    });
  // A server that was just starting may also report that the dying network did not answer it.
  expect((await eventsNamed('LabFailed')).at(-1)).toMatchObject({ message: expect.stringContaining('died 4 times') });
  expect(await eventsNamed('RunEnded')).toMatchObject([{ reason: 'lab-failure' }]);
  expect(processesOf(live.runId)).toEqual([]);
});

test('trace: omitted events → reported as missing once, not twice', async () => {
  await start();
  behave('S1', { leavesOut: true });
  await restart('S1');
  await expect.poll(async () => (await eventsNamed('TornTailCut')).length).toBe(2);
  await expect.poll(async () => await eventsNamed('EventsMissing')).toMatchObject([{ of: 'S1', count: 2 }]);
});

test('lab: the old run fails while a new one is being started → the new run continues', async () => {
  await start();
  // S2 ignores its signals, so the old run takes a while to stop. Meanwhile its network dies once more than allowed.
  behave('S2', { ignoreSigterm: true, ignoreControl: true });
  await restart('S2');
  await live.until('S2 up again', ({ servers }) => servers.S2?.status === 'up' && servers.S2.life === 2);
  for (let death = 1; death <= 4; death += 1) {
    await expect.poll(async () => (await eventsNamed('NetworkSpawned')).length).toBe(death);
    const last = (await eventsNamed('NetworkSpawned')).at(-1);
    const next = death === 4 ? live.lab.ask('createRun', { servers: 1, pace: 'real', endLive: true }) : null;
    process.kill(last?.event === 'NetworkSpawned' ? last.pid : 0, 'SIGKILL');
    if (next !== null) expect(await next).toMatchObject({ ok: true, value: { mode: 'live' } });
  }
  // The request waits behind everything that was already queued.
  expect(await live.lab.ask('ready', { autoStart: true })).toMatchObject({ ok: true, value: { mode: 'live' } });
  expect(processesOf(live.runId)).toEqual([]);
});

test('lab: closed while it starts a run → no process is left', async () => {
  await start();
  const second = live.lab.ask('createRun', { servers: 9 });
  await live.close();
  expect(processesOf(bundle.folder)).toEqual([]);
  expect((await second).ok).toBe(true);
  expect(await live.lab.ask('listRuns', {})).toMatchObject({ ok: false, error: { code: 'busy' } });
});

test('killNow: running and frozen programs → none is left alive', async () => {
  await start();
  process.kill(live.view().servers.S1?.pid ?? 0, 'SIGSTOP');
  live.lab.killNow();
  await expect.poll(() => processesOf(live.runId).filter(({ words }) => words.includes('--server'))).toEqual([]);
});

test('restart: the server’s folder was deleted → folder-gone, and the others continue', async () => {
  await start();
  await live.ask('kill', { servers: ['S1'], signal: 'SIGKILL' });
  rmSync(live.folderOf('S1'), { recursive: true });
  const asked = await live.lab.ask('restart', { servers: ['S1'] });
  expect(asked).toMatchObject({ ok: false, error: { code: 'folder-gone', params: { path: live.folderOf('S1') } } });
  expect(live.view().servers.S2?.status).toBe('up');
});
