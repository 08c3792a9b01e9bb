/** A program's end of the control channel: its hello, one answer per request, and its three ways to end. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  checkHello,
  decodeServerRequest,
  loopbackHosts,
  type ServerRequest,
  WIRE_VERSION,
} from '../../src/core/wire/index.ts';
import { type ControlClient, openControl } from '../../src/program/control-client.ts';
import { until } from '../helpers/until.ts';

const run = { runId: 'run-of-the-test', secret: 'a-secret-of-this-test-0123456789' };
let http: Server;
let url: string;
let lab: WebSocket | null;
let received: unknown[];
let hellos: unknown[];

beforeEach(async () => {
  [lab, received, hellos] = [null, [], []];
  http = createServer();
  const sockets = new WebSocketServer({ server: http });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  url = `ws://127.0.0.1:${port}`;
  sockets.on('connection', (socket, request) => {
    lab = socket;
    hellos.push(checkHello(request.headers, { ...run, hosts: loopbackHosts(port) }));
    socket.on('message', (data) => received.push(JSON.parse(String(data))));
  });
});
afterEach(() => {
  lab?.terminate();
  http.close();
  http.closeAllConnections();
});

async function open(onClosed = vi.fn(), controlUrl = url): Promise<ControlClient<ServerRequest>> {
  return await openControl<ServerRequest>({
    program: 'server',
    from: 'S1',
    spec: { ...run, life: 2, controlUrl },
    decode: decodeServerRequest,
    onClosed,
    onFailure: (error) => {
      throw error;
    },
  });
}

const ask = (id: number, request: unknown): void => lab?.send(JSON.stringify({ type: 'request', id, request }));

test('control: open → hello of the caller in the headers and in the first frame', async () => {
  const control = await open();
  control.tell({ type: 'ready', port: 4711 });
  await until('both frames', () => received.length === 2);
  expect(hellos).toEqual([{ ok: true, from: 'S1', to: 'lab', life: 2 }]);
  expect(received).toEqual([
    { type: 'hello', program: 'server', pid: process.pid, life: 2, version: WIRE_VERSION },
    { type: 'ready', port: 4711 },
  ]);
});

test('control: requests → answered by number; before a handler is set → `not-ready`', async () => {
  const control = await open();
  ask(1, { type: 'go' });
  await until('the first answer', () => received.length === 2);
  control.onRequest((request, answer) => {
    if (request.type === 'go') answer({ ok: true, value: null });
    else answer({ ok: false, reason: 'busy' });
  });
  ask(2, { type: 'go' });
  ask(3, { type: 'state' });
  await until('the other answers', () => received.length === 4);
  expect(received.slice(1)).toEqual([
    { type: 'answer', id: 1, ok: false, reason: 'not-ready' },
    { type: 'answer', id: 2, ok: true, value: null },
    { type: 'answer', id: 3, ok: false, reason: 'busy' },
  ]);
});

test('control: unreadable frame → a line on stderr; the channel stays open', async () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const control = await open();
  control.onRequest((_request, answer) => answer({ ok: true, value: 1 }));
  lab?.send('no json');
  ask(1, { type: 'go' });
  await until('the answer', () => received.length === 2);
  expect(printed).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/^control channel: /));
  printed.mockRestore();
});

test('control: the lab closes → onClosed, once', async () => {
  const onClosed = vi.fn();
  await open(onClosed);
  await until('the lab’s end', () => lab !== null);
  lab?.terminate();
  await until('onClosed', () => onClosed.mock.calls.length > 0);
  expect(onClosed).toHaveBeenCalledTimes(1);
});

test('control: no lab → onClosed, and a line on stderr', async () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const onClosed = vi.fn();
  void open(onClosed, 'ws://127.0.0.1:1');
  await until('onClosed', () => onClosed.mock.calls.length > 0);
  expect(printed).toHaveBeenCalledWith(expect.stringMatching(/^control channel: .*ECONNREFUSED/));
  printed.mockRestore();
});

test('control: closed by the program → resolves when the lab has read all; no onClosed', async () => {
  const onClosed = vi.fn();
  const control = await open(onClosed);
  control.tell({ type: 'ready', port: 1 });
  lab?.pause();
  let isClosed = false;
  const closing = control.close().then(() => {
    isClosed = true;
  });
  // Turns of this process, in which the lab's end would answer if it read.
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(isClosed).toBe(false);
  lab?.resume();
  await closing;
  expect(received.at(-1)).toEqual({ type: 'ready', port: 1 });
  expect(onClosed).not.toHaveBeenCalled();
  control.tell({ type: 'ready', port: 2 });
});

test('control: closed by the program, the lab reads nothing → resolves all the same', async () => {
  const control = await open();
  lab?.pause();
  await expect(control.close()).resolves.toBeUndefined();
});
