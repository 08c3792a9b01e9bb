/**
 * Frames of one turn leave as one write, on both ends of a connection and in order. `writeHeld` writes them before the
 * turn ends.
 */
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type SendFrame, senderFor, senderForDialled, writeHeld } from '../../src/program/gather-writes.ts';
import { until } from '../helpers/until.ts';

interface End {
  readonly send: SendFrame;
  readonly stream: Socket;
  readonly heard: string[];
}

let dialled: End;
let accepted: End;
let close: () => void;

/** Returns a counter of the writes to the system on this connection. */
function writesOf({ stream }: End): () => number {
  const handed = stream as unknown as { _write(): void; _writev(): void };
  const single = vi.spyOn(handed, '_write');
  const several = vi.spyOn(handed, '_writev');
  return () => single.mock.calls.length + several.mock.calls.length;
}

beforeEach(async () => {
  const http = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  const arrival = new Promise<End>((resolve) => {
    http.on('upgrade', (request, stream, head) =>
      sockets.handleUpgrade(request, stream, head, (socket) => {
        const heard: string[] = [];
        socket.on('message', (data) => heard.push(String(data)));
        resolve({ send: senderFor(socket, stream), stream: stream as Socket, heard });
      }),
    );
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const socket = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  const send = senderForDialled(socket);
  const heard: string[] = [];
  socket.on('message', (data) => heard.push(String(data)));
  const stream = new Promise<Socket>((resolve) => socket.once('upgrade', (response) => resolve(response.socket)));
  await new Promise<void>((resolve) => socket.once('open', () => resolve()));
  dialled = { send, stream: await stream, heard };
  accepted = await arrival;
  close = () => {
    socket.terminate();
    sockets.close();
    http.close();
    http.closeAllConnections();
  };
});

afterEach(() => close());

const words = Array.from({ length: 20 }, (_, at) => `frame ${at}`);

test.each(['dialled', 'accepted'] as const)(
  'gather writes: frames of one turn, %s → one write, in order',
  async (which) => {
    const [from, to] = which === 'dialled' ? [dialled, accepted] : [accepted, dialled];
    const writes = writesOf(from);
    for (const word of words) from.send(word);
    expect(writes()).toBe(0);
    await until('all arrive', () => to.heard.length === words.length);
    expect(to.heard).toEqual(words);
    expect(writes()).toBe(1);
  },
);

test('gather writes: writeHeld → earlier frames written now, later ones at the end of the turn', async () => {
  const writes = writesOf(dialled);
  dialled.send('before');
  dialled.send('the disk');
  writeHeld();
  expect(writes()).toBe(1);
  dialled.send('after');
  expect(writes()).toBe(1);
  await until('all arrive', () => accepted.heard.length === 3);
  expect(accepted.heard).toEqual(['before', 'the disk', 'after']);
  expect(writes()).toBe(2);
});

test('gather writes: connection destroyed with held frames → other connections still get theirs', async () => {
  dialled.send('lost');
  accepted.send('also lost');
  dialled.stream.destroy();
  await new Promise((resolve) => setImmediate(resolve));
  expect(() => writeHeld()).not.toThrow();
});
