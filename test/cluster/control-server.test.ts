/**
 * The control listener accepts exactly the program it expects, once, and never a browser. A missing answer is
 * `no-answer`.
 */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { ControlChannel } from '../../src/cluster/control/channel.ts';
import { type ControlServer, openControlServer } from '../../src/cluster/control/control-server.ts';
import { HELLO_HEADERS, helloHeaders } from '../../src/core/wire/index.ts';

const runId = 'run-of-the-test';
const secret = 'a-secret-of-this-test-0123456789';
let server: ControlServer;
let problems: string[];
let channels: ControlChannel[];
let reports: unknown[];
const dialled: WebSocket[] = [];

beforeEach(async () => {
  problems = [];
  channels = [];
  reports = [];
  server = await openControlServer({ runId, secret, onProblem: (message) => problems.push(message) });
});
afterEach(async () => {
  for (const socket of dialled.splice(0)) socket.terminate();
  await server.close();
});

function expectS1(life = 1): () => void {
  return server.expect({
    program: 'S1',
    life,
    onChannel: (channel) => channels.push(channel),
    onReport: (report) => reports.push(report),
  });
}

function dial(headers: Record<string, string> = {}, path = '/control'): WebSocket {
  const hello = helloHeaders({ runId, secret, from: 'S1', to: 'lab', life: 1 });
  const socket = new WebSocket(`${server.url}${path}`, { headers: { ...hello, ...headers } });
  dialled.push(socket);
  return socket;
}

/** Resolves with the HTTP status of a refusal, or 101 when the connection is accepted. */
async function statusOf(socket: WebSocket): Promise<number> {
  socket.on('error', () => undefined);
  return await new Promise((resolve) => {
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
  });
}

describe('control server', () => {
  test('control server: the expected program connects twice → accepted once', async () => {
    expectS1();
    expect(await statusOf(dial())).toBe(101);
    expect(channels).toHaveLength(1);
    expect(await statusOf(dial())).toBe(403);
  });

  test('control server: unexpected program, other life, withdrawn expectation → refused', async () => {
    expect(await statusOf(dial())).toBe(403);
    const withdraw = expectS1();
    expect(await statusOf(dial({ [HELLO_HEADERS.life]: '2' }))).toBe(403);
    withdraw();
    expect(await statusOf(dial())).toBe(403);
  });

  test.each([
    ['a browser, whatever it knows', { origin: 'http://127.0.0.1' }, 403],
    ['an empty origin', { origin: '' }, 403],
    ['another host', { host: 'evil.example' }, 421],
    ['an empty host name', { host: ':80' }, 421],
    ['a wrong secret', { authorization: 'Bearer no' }, 401],
    ['no secret', { authorization: '' }, 401],
    ['another run', { [HELLO_HEADERS.run]: 'another' }, 409],
    ['another version', { [HELLO_HEADERS.version]: '999' }, 426],
    ['one that calls somebody else', { [HELLO_HEADERS.to]: 'S2' }, 403],
  ])('control server: %s → refused', async (_who, headers, status) => {
    expectS1();
    expect(await statusOf(dial(headers))).toBe(status);
    expect(channels).toEqual([]);
  });

  test('control server: another path → refused', async () => {
    expectS1();
    expect(await statusOf(dial({}, '/links'))).toBe(404);
  });
});

describe('control channel', () => {
  test('control channel: several questions → each gets its answer; reports arrive unrequested', async () => {
    expectS1();
    const socket = dial();
    await once(socket, 'open');
    socket.on('message', (data) => {
      const { id, request } = JSON.parse(String(data));
      const answer =
        request.type === 'go' ? { ok: false, reason: 'not now' } : { ok: true, value: { is: request.type } };
      socket.send(JSON.stringify({ type: 'answer', id, ...answer }));
    });
    socket.send(JSON.stringify({ type: 'ready', port: 4711 }));
    const [state, go] = await Promise.all([channels[0]?.ask({ type: 'state' }), channels[0]?.ask({ type: 'go' })]);
    expect(state).toEqual({ outcome: 'answered', value: { is: 'state' } });
    expect(go).toEqual({ outcome: 'refused', reason: 'not now' });
    expect(reports).toEqual([{ type: 'ready', port: 4711 }]);
  });

  test('control channel: the program is silent or gone → no-answer in time', async () => {
    expectS1();
    const socket = dial();
    await once(socket, 'open');
    const asked = performance.now();
    expect(await channels[0]?.ask({ type: 'state' })).toEqual({ outcome: 'no-answer' });
    expect(performance.now() - asked).toBeGreaterThan(450);
    const pending = channels[0]?.ask({ type: 'state' }, 60_000);
    socket.terminate();
    expect(await pending).toEqual({ outcome: 'no-answer' });
    await channels[0]?.closed;
    expect(await channels[0]?.ask({ type: 'state' }, 60_000)).toEqual({ outcome: 'no-answer' });
  });

  test('control channel: message not understood → dropped and reported; the channel stays open', async () => {
    expectS1();
    const socket = dial();
    await once(socket, 'open');
    for (const frame of ['no json', '{"type":"shutdown"}', Buffer.from([1, 2])]) socket.send(frame);
    socket.send(JSON.stringify({ type: 'answer', id: 99, ok: true, value: null }));
    socket.send(JSON.stringify({ type: 'ready', port: 1 }));
    await expect.poll(() => reports.length).toBe(1);
    expect(problems).toHaveLength(3);
    expect(problems[0]).toMatch(/^S1 sent a message that is not understood/);
  });
});
