/** A program's port: it accepts only upgrades, and only from welcome callers of its own run. */
import { once } from 'node:events';
import { request } from 'node:http';
import { createConnection } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { HELLO_HEADERS, helloHeaders, PATHS } from '../../src/core/wire/index.ts';
import { type Accepted, type Listener, openListener } from '../../src/program/upgrade-listener.ts';

const run = { runId: 'run-of-the-test', secret: 'a-secret-of-this-test-0123456789' };
let listener: Listener;
let accepted: Accepted[];
const dialled: WebSocket[] = [];

beforeEach(async () => {
  accepted = [];
  listener = await openListener({
    run,
    refuses: ({ from }, path) => (path === PATHS.links ? (from === 'S1' ? null : 400) : 404),
    onAccepted: (connection) => accepted.push(connection),
    onFailure: (error) => {
      throw error;
    },
  });
});
afterEach(async () => {
  for (const socket of dialled.splice(0)) socket.terminate();
  await listener.close();
});

function dial(headers: Record<string, string> = {}, path: string = PATHS.links): WebSocket {
  const hello = helloHeaders({ ...run, from: 'S1', to: 'S2', life: 3 });
  const socket = new WebSocket(`ws://127.0.0.1:${listener.port}${path}`, { headers: { ...hello, ...headers } });
  dialled.push(socket);
  return socket;
}

/** Returns the HTTP status of a refusal, or 101. */
async function statusOf(socket: WebSocket): Promise<number> {
  socket.on('error', () => undefined);
  return await new Promise((resolve) => {
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
  });
}

test('listener: welcome caller → accepted with its hello and path; frames travel both ways', async () => {
  const socket = dial();
  const received = once(socket, 'message');
  expect(await statusOf(socket)).toBe(101);
  expect(accepted).toMatchObject([{ hello: { from: 'S1', to: 'S2', life: 3 }, path: PATHS.links }]);
  accepted[0]?.send('a frame');
  expect(String((await received)[0])).toBe('a frame');
});

test.each([
  ['a browser', { origin: 'http://127.0.0.1' }, PATHS.links, 403],
  ['another host name', { host: 'evil.example' }, PATHS.links, 421],
  ['a wrong secret', { authorization: 'Bearer no' }, PATHS.links, 401],
  ['another run', { [HELLO_HEADERS.run]: 'another' }, PATHS.links, 409],
  ['another version', { [HELLO_HEADERS.version]: '999' }, PATHS.links, 426],
  ['a party that the program refuses', { [HELLO_HEADERS.from]: 'S3' }, PATHS.links, 400],
  ['another path', {}, '/elsewhere', 404],
  ['a wrong secret on another path', { authorization: 'Bearer no' }, '/elsewhere', 401],
])('listener: %s → refused', async (_who, headers, path, status) => {
  expect(await statusOf(dial(headers, path))).toBe(status);
  expect(accepted).toEqual([]);
});

test('listener: a plain request → 426', async () => {
  const asked = request({ port: listener.port, host: '127.0.0.1', path: PATHS.links }).end();
  const [response] = await once(asked, 'response');
  expect(response.statusCode).toBe(426);
  response.resume();
});

test('listener: a frame that breaks the protocol → only its connection closes', async () => {
  const socket = dial();
  await once(socket, 'open');
  // Node's `once` would reject, because `error` comes first.
  const closed = new Promise((resolve) => accepted[0]?.socket.once('close', resolve));
  // These frame bits belong to no negotiated extension.
  (socket as unknown as { readonly _socket: { write(bytes: Buffer): void } })._socket.write(Buffer.from([0xff, 0xff]));
  await closed;
  expect(await statusOf(dial())).toBe(101);
});

test('listener: closed during an unfinished request → that connection is ended', async () => {
  const half = createConnection(listener.port, '127.0.0.1');
  await once(half, 'connect');
  half.on('error', () => undefined);
  half.write('GET /links HTTP/1.1\r\nhost:');
  const closed = new Promise((resolve) => half.once('close', resolve));
  half.resume();
  await listener.close();
  await closed;
});

test('listener: port taken → rejects with the system’s error', async () => {
  const again = openListener({
    run,
    port: listener.port,
    refuses: () => null,
    onAccepted: () => undefined,
    onFailure: () => undefined,
  });
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
