/** Real server processes that elect, commit, die and recover; the test plays the lab, the network and the clients. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  type ClientReplyBody,
  type ClientRequestBody,
  decodeClientReply,
  EXIT,
  encodeClientRequest,
  helloHeaders,
  isProblem,
  readHeader,
} from '../../src/core/wire/index.ts';
import { type Bundle, bundlePrograms } from '../helpers/bundle.ts';
import { until } from '../helpers/until.ts';
import { openPlayground, type PlayedServer, type Playground } from './support/playground.ts';

let bundle: Bundle;
let folder = '';
let ground: Playground;

beforeAll(async () => {
  bundle = await bundlePrograms({ peer: 'src/peer/index.ts' });
});
afterAll(() => bundle.remove());

const IDS = ['S1', 'S2', 'S3'];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-servers-'));
  ground = await openPlayground(bundle.file('peer'), folder, IDS);
});
afterEach(async () => {
  await ground.close();
  rmSync(folder, { recursive: true });
});

async function startAll(): Promise<PlayedServer[]> {
  const servers = await Promise.all(IDS.map((id) => ground.start(id)));
  for (const server of servers) await server.ask({ type: 'go' });
  return servers;
}

async function leaderAmong(servers: readonly PlayedServer[]): Promise<PlayedServer> {
  return await until('a leader that a majority follows', async () => {
    const states = await Promise.all(servers.map((server) => ground.state(server)));
    const leader = states.findIndex(({ role }) => role === 'leader');
    const { term } = states[leader] ?? {};
    const followers = states.filter((state) => state.term === term && state.leaderId === servers[leader]?.id);
    return followers.length > IDS.length / 2 && servers[leader];
  });
}

/** Connects a client that sends requests to one server, one after the other. */
async function connect(to: string, number: number) {
  const [from, life] = [`C${number}`, 1];
  const socket = new WebSocket(`${ground.networkUrl}/clients`, {
    headers: helloHeaders({ runId: ground.runId, secret: ground.secret, from, to, life }),
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let count = 0;
  return async (body: ClientRequestBody): Promise<ClientReplyBody> => {
    count += 1;
    const id = `${from}.${life}.${count}`;
    const reply = new Promise<ClientReplyBody>((resolve, reject) => {
      socket.on('message', function hear(data) {
        const text = String(data);
        const read = readHeader(text);
        if (isProblem(read) || read.header.replyTo !== id) return;
        socket.off('message', hear);
        const decoded = decodeClientReply(read.header, text.slice(read.bodyAt));
        if (isProblem(decoded)) reject(new Error(decoded.problem));
        else resolve(decoded);
      });
    });
    socket.send(encodeClientRequest(body, { id, from, to, life, sentUs: 0 }));
    return reply;
  };
}

test('three servers: leader killed and restarted → catches up from its own files', async () => {
  const servers = await startAll();
  const leader = await leaderAmong(servers);
  const ask = await connect(leader.id, 1);
  const opened = await ask({ type: 'open-session' });
  if (!opened.ok || !('session' in opened.result)) throw new Error(JSON.stringify(opened));
  const { session } = opened.result;
  const set = { op: 'set', key: 'x', value: '5' } as const;
  const done = await ask({ type: 'command', session, sequence: 1, command: set });
  expect(done).toMatchObject({ ok: true, result: { ok: true, value: '5', previous: null } });
  // The repeated sequence number is applied once and answered as before.
  const again = await ask({ type: 'command', session, sequence: 1, command: set });
  expect(again).toMatchObject({ ok: true, result: { ok: true, value: '5', previous: null } });

  const follower = servers.find(({ id }) => id !== leader.id) as PlayedServer;
  const elsewhere = await connect(follower.id, 2);
  expect(await elsewhere({ type: 'open-session' })).toEqual({ ok: false, reason: 'not-leader', leaderId: leader.id });

  leader.child.kill('SIGKILL');
  expect(await leader.exited).toMatchObject({ code: null, signal: 'SIGKILL' });
  const rest = servers.filter(({ id }) => id !== leader.id);
  const next = await leaderAmong(rest);
  const start = await next.ask({ type: 'start', command: { op: 'set', key: 'y', value: '6' } });
  expect(start).toMatchObject({ isLeader: true, leaderId: next.id });

  const back = await ground.start(leader.id);
  expect(back.life).toBe(2);
  const restored = back.events.find(({ event }) => event === 'StateRestored');
  expect(restored).toMatchObject({ life: 2, nseq: 1 });
  expect(Number(restored?.lastIndex)).toBeGreaterThanOrEqual(3);
  await back.ask({ type: 'go' });
  await until('all logs and stores equal', async () => {
    const states = await Promise.all([...rest, back].map((server) => ground.state(server)));
    return new Set(states.map(({ chain, lastApplied }) => `${chain} ${lastApplied}`)).size === 1;
  });
  expect(await back.ask({ type: 'store', limit: 10 })).toMatchObject({
    total: 2,
    items: [
      { key: 'x', value: '5' },
      { key: 'y', value: '6' },
    ],
  });
  // Within a life the events are in order and no number is missing.
  for (const { events } of [...servers, back]) {
    expect(events.map(({ nseq }) => nseq)).toEqual(events.map((_, position) => position + 1));
  }
});

test('server: SIGTERM → all files are complete, and every server starts from them', async () => {
  const servers = await startAll();
  const leader = await leaderAmong(servers);
  for (let number = 1; number <= 300; number += 1) {
    void leader.ask({ type: 'start', command: { op: 'append', key: 'log', value: '.' } });
  }
  await until('300 commands committed', async () => (await ground.state(leader)).commitIndex >= 300);
  const before = await ground.state(leader);
  for (const { child } of servers) child.kill('SIGTERM');
  for (const { exited } of servers) expect(await exited).toEqual({ code: 0, signal: null, stderr: '' });
  const again = await startAll();
  for (const { events } of again) expect(events.filter(({ event }) => event === 'TornTailCut')).toEqual([]);
  const next = await leaderAmong(again);
  await until('the store is built again', async () => (await ground.state(next)).lastApplied >= 300);
  expect((await ground.state(next)).lastIndex).toBeGreaterThanOrEqual(before.lastIndex);
  expect(await next.ask({ type: 'store', limit: 1 })).toMatchObject({
    items: [{ key: 'log', value: '.'.repeat(300) }],
  });
});

test('server: second SIGTERM while the lab reads nothing → ends at once with its own exit code', async () => {
  const server = await ground.start('S1');
  server.control?.pause();
  // Signals of the first half second count as one request; the orderly end waits until the lab reads.
  const again = setInterval(() => server.child.kill('SIGTERM'), 100);
  try {
    expect(await server.exited).toMatchObject({ code: EXIT.interrupted, signal: null });
  } finally {
    clearInterval(again);
  }
});

test.each(['SIGINT', 'SIGHUP'] as const)('server: %s from the terminal → left to the lab', async (signal) => {
  const server = await ground.start('S1');
  server.child.kill(signal);
  expect(await ground.state(server)).toMatchObject({ role: 'follower' });
  server.child.kill('SIGTERM');
  expect(await server.exited).toEqual({ code: EXIT.ok, signal: null, stderr: '' });
});

test.each([
  ['an uncaught exception', 'throw new Error("a bug")'],
  ['an unhandled rejection', 'void Promise.reject(new Error("a bug"))'],
])('server: %s → ends with its own exit code and a sentence', async (_what, code) => {
  const bug = `data:text/javascript,process.once("SIGUSR2", () => { ${code} })`;
  const server = await ground.start('S1', {}, { nodeOptions: ['--import', bug] });
  server.child.kill('SIGUSR2');
  const exit = await server.exited;
  expect(exit.code).toBe(EXIT.crashed);
  expect(exit.stderr.split('\n').at(-1)).toBe('S1 crashed: a bug');
});

test('server: damaged file → exits with 74 and one sentence; the others continue', async () => {
  const servers = await startAll();
  const leader = await leaderAmong(servers);
  const victim = servers.find(({ id }) => id !== leader.id) as PlayedServer;
  victim.child.kill('SIGKILL');
  await victim.exited;
  const path = join(victim.folder, 'state.json');
  const bytes = readFileSync(path);
  bytes[40] = (bytes[40] ?? 0) ^ 4;
  writeFileSync(path, bytes);
  const exit = await (await ground.start(victim.id)).exited;
  expect(exit.code).toBe(EXIT.storageDamaged);
  const sentence = exit.stderr.split('\n').at(-1) ?? '';
  expect(sentence).toContain(`${victim.id} does not start: ${path} is damaged at byte 40 (`);
  expect(readFileSync(path).equals(bytes)).toBe(true);
  expect(await leader.ask({ type: 'start', command: 1 })).toMatchObject({ isLeader: true });
  const committed = (await ground.state(leader)).lastIndex;
  await until('the others commit', async () => (await ground.state(leader)).commitIndex >= committed);
});

test('server: torn last line → cut off and reported; folder missing after first start → error', async () => {
  const server = await ground.start('S1');
  server.child.kill('SIGKILL');
  await server.exited;
  const path = join(server.folder, 'log', 'tail-1.jsonl');
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, -7));
  const again = await ground.start('S1');
  await until('the cut is reported', () => again.events.some(({ event }) => event === 'TornTailCut'));
  again.child.kill('SIGKILL');
  await again.exited;
  rmSync(server.folder, { recursive: true });
  const gone = await (await ground.start('S1')).exited;
  expect([gone.code, gone.stderr]).toEqual([EXIT.storageDamaged, expect.stringContaining('state.json is missing')]);
});

test('server: disk refuses a write → exits with 75 and one sentence', async () => {
  // The only server of a cluster wins by its own vote, and that vote is its first write.
  const server = await ground.start('S1', { servers: ['S1'] });
  rmSync(server.folder, { recursive: true });
  await server.ask({ type: 'go' });
  const exit = await server.exited;
  expect(exit.code).toBe(EXIT.storageFailed);
  expect(exit.stderr.split('\n').at(-1)).toMatch(
    /^S1 stops: opening .*S1\/state\.json\.[0-9a-f]{12}\.tmp failed \(ENOENT\)/,
  );
});

const HAS_FILE_LIMIT = process.platform !== 'win32';

test.skipIf(!HAS_FILE_LIMIT)('server: no more open files while idle → exits with 75 and one sentence', async () => {
  // One server of three is never elected and writes nothing, so the sockets of clients take its last file descriptors.
  const maxOpenFiles = 60;
  const server = await ground.start('S1', {}, { maxOpenFiles });
  const sockets: WebSocket[] = [];
  await until('the server has left', () => {
    const from = `C${sockets.length + 1}`;
    const hello = helloHeaders({ runId: ground.runId, secret: ground.secret, from, to: 'S1', life: 1 });
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/clients`, { headers: hello });
    socket.on('error', () => undefined);
    sockets.push(socket);
    return server.child.exitCode !== null;
  });
  for (const socket of sockets) socket.terminate();
  const exit = await server.exited;
  expect([exit.code, exit.stderr.split('\n').at(-1)]).toEqual([
    EXIT.storageFailed,
    expect.stringMatching(/^S1 stops: .*EMFILE.*raise the limit of open files/),
  ]);
});

test('server: before go → no ticks; new pace → followed; telemetry about once a second', async () => {
  const server = await ground.start('S1', { servers: ['S1'], tickMs: 60_000 });
  expect((await ground.state(server)).role).toBe('follower');
  await server.ask({ type: 'go' });
  await until('telemetry', () => server.telemetry.length >= 2);
  expect(server.telemetry[0]).toMatchObject({ ticks: 0, missedTicks: 0, writes: 0 });
  await server.ask({ type: 'pace', tickMs: 5 });
  await until('it leads', async () => (await ground.state(server)).isLeader);
  const seen = server.telemetry.length;
  await until('telemetry', () => server.telemetry.length > seen);
  const { ticks, writes } = server.telemetry.at(-1) as { ticks: number; writes: number };
  expect(ticks).toBeGreaterThan(15);
  expect(writes).toBeGreaterThan(0);
});

describe('end of the lab', () => {
  test('server: standard input closes → exits with 0', async () => {
    const server = await ground.start('S1');
    server.child.stdin?.end();
    expect((await server.exited).code).toBe(0);
  });

  test('server: control channel closes → exits with 0', async () => {
    const server = await ground.start('S1');
    server.control?.terminate();
    expect((await server.exited).code).toBe(0);
  });

  test('server: no lab at the control address → exits with 0', async () => {
    const server = await ground.start('S1', { controlUrl: 'ws://127.0.0.1:9' });
    expect((await server.exited).code).toBe(0);
  });
});

test('server: invalid orders → refused with their own code, without the secret in the message', async () => {
  const server = await ground.start('S1', { servers: ['S2'] });
  const exit = await server.exited;
  expect(exit.code).toBe(EXIT.badSpec);
  expect(exit.stderr).toContain('RAFT_LAB_SERVER');
  expect(exit.stderr).not.toContain(ground.secret);
});

test('server’s port: browser, wrong secret, host, run, server or path → refused', async () => {
  const server = await ground.start('S1');
  const good = helloHeaders({ runId: ground.runId, secret: ground.secret, from: 'S2', to: 'S1', life: 1 });
  const dial = (path: string, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
      socket.on('open', () => {
        socket.terminate();
        resolve(101);
      });
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => undefined);
    });
  const hello = (changes: Parameters<typeof helloHeaders>[0] | object) =>
    helloHeaders({ runId: ground.runId, secret: ground.secret, from: 'S2', to: 'S1', life: 1, ...changes });
  expect(await dial('/links', good)).toBe(101);
  expect(await dial('/clients', hello({ from: 'C1' }))).toBe(101);
  expect(await dial('/links', { ...good, origin: 'http://127.0.0.1' })).toBe(403);
  expect(await dial('/links', hello({ secret: 'x'.repeat(32) }))).toBe(401);
  expect(await dial('/links', { ...good, authorization: '' })).toBe(401);
  expect(await dial('/links', { ...good, host: 'evil.example' })).toBe(421);
  expect(await dial('/links', { ...good, host: `localhost:${server.port}` })).toBe(101);
  expect(await dial('/links', hello({ runId: 'another' }))).toBe(409);
  expect(await dial('/links', hello({ from: 'C1' }))).toBe(400);
  expect(await dial('/links', hello({ from: 'S9' }))).toBe(400);
  expect(await dial('/links', hello({ to: 'S3' }))).toBe(400);
  expect(await dial('/clients', good)).toBe(400);
  expect(await dial('/elsewhere', good)).toBe(404);
});
