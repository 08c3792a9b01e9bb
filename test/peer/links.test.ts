/**
 * The sending half of a link against a real listener: it redials by itself, and drops messages to a server that does
 * not read.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Message } from '../../src/core/raft/messages.ts';
import { HELLO_HEADERS, readHeader, type ServerSpec } from '../../src/core/wire/index.ts';
import { createLinks, type Links, MAX_UNSENT_BYTES } from '../../src/peer/links.ts';
import { createStamps } from '../../src/peer/stamps.ts';
import { until } from '../helpers/until.ts';

let network: WebSocketServer;
let links: Links;
const arrived: { from: string; to: string; socket: WebSocket }[] = [];
const ids: string[] = [];

beforeEach(async () => {
  arrived.length = 0;
  ids.length = 0;
  network = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(network, 'listening');
  network.on('connection', (socket, { headers, url }) => {
    expect(url).toBe('/links');
    const [from, to] = [HELLO_HEADERS.from, HELLO_HEADERS.to].map((name) => String(headers[name]));
    arrived.push({ from: from ?? '', to: to ?? '', socket });
    socket.on('message', (data) => {
      const read = readHeader(String(data));
      if (!('problem' in read)) ids.push(read.header.id);
    });
  });
  const { port } = network.address() as AddressInfo;
  const spec = { runId: 'run-1', secret: 's'.repeat(32), server: 'S1', servers: ['S1', 'S2'], life: 2 };
  const whole = { ...spec, networkUrl: `ws://127.0.0.1:${port}` } as unknown as ServerSpec;
  links = createLinks(
    whole,
    createStamps(spec, () => 1),
  );
  await until('the link is open', () => arrived.length === 1);
});

afterEach(() => {
  links.close();
  for (const socket of network.clients) socket.terminate();
  network.close();
});

const heartbeat = (bytes = 0): Message => ({
  ...{ type: 'AppendEntries', from: 'S1', to: 'S2', term: 1, prevLogIndex: 0, prevLogTerm: 0, leaderCommit: 0 },
  entries: [{ type: 'command', session: null, sequence: null, command: 'x'.repeat(bytes), index: 1, term: 1 }],
});

test('link: sends its hello, numbers its messages; connection breaks → dials again', async () => {
  await until('a message arrives', () => {
    links.send([heartbeat()]);
    return ids.length > 0;
  });
  expect(arrived).toMatchObject([{ from: 'S1', to: 'S2' }]);
  expect(ids[0]).toBe('S1.2.1');
  for (let life = 2; life <= 4; life += 1) {
    arrived.at(-1)?.socket.terminate();
    await until('it dialled again', () => arrived.length === life);
  }
  const before = ids.length;
  await until('messages arrive again', () => {
    links.send([heartbeat()]);
    return ids.length > before;
  });
});

test('link: receiver frozen → unread messages dropped, not queued', async () => {
  await until('a message arrives', () => {
    links.send([heartbeat()]);
    return ids.length > 0;
  });
  arrived[0]?.socket.pause();
  const memory = process.memoryUsage().arrayBuffers;
  for (let message = 0; message < 400; message += 1) links.send([heartbeat(256 * 1024)]);
  expect(process.memoryUsage().arrayBuffers - memory).toBeLessThan(MAX_UNSENT_BYTES + 16 * 1024 * 1024);
  const before = ids.length;
  arrived[0]?.socket.resume();
  await until('it reads again', () => {
    links.send([heartbeat()]);
    return ids.length > before + 1;
  });
  expect(ids.length).toBeLessThan(200);
});
