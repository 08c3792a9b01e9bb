/** The socket of one dashboard: requests, answers, refusals, and a page that is slower than the lab. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { LabPush, LabResult } from '../../src/core/lab-api/index.ts';
import { BEHIND_BYTES, openUiClient, type UiClient, type UiSocket } from '../../src/web-host/ui-socket.ts';
import { createFakeLab, type FakeLab, modePush } from '../helpers/fake-lab.ts';

interface FakeSocket extends UiSocket {
  bufferedAmount: number;
  readonly frames: unknown[];
  readonly did: string[];
  /** Reports that all frames so far have been sent. */
  flush(): void;
}

function fakeSocket(): FakeSocket {
  const waiting: (() => void)[] = [];
  const socket: FakeSocket = {
    bufferedAmount: 0,
    frames: [],
    did: [],
    send(text, sent) {
      socket.frames.push(JSON.parse(text));
      waiting.push(() => sent());
    },
    ping: () => socket.did.push('ping'),
    close: (code) => socket.did.push(`close ${code}`),
    terminate: () => socket.did.push('terminate'),
    flush() {
      for (const sent of waiting.splice(0)) sent();
    },
  };
  return socket;
}

const viewPush: LabPush = {
  type: 'view',
  patch: { top: { commitIndex: 1 }, servers: {}, links: {}, entries: {} },
  nowUs: 5,
};
const eventsPush = (leftOut: number): LabPush => ({ type: 'events', page: { events: [], leftOut } });

let lab: FakeLab;
let socket: FakeSocket;
let now: number;
let client: UiClient;

beforeEach(() => {
  lab = createFakeLab();
  socket = fakeSocket();
  now = 0;
  client = openUiClient({ socket, lab, nowMs: () => now });
});

async function ask(frame: unknown): Promise<unknown> {
  const before = socket.frames.length;
  client.received(typeof frame === 'string' ? frame : JSON.stringify(frame), false);
  await new Promise(setImmediate);
  return socket.frames[before];
}

describe('asks', () => {
  test('request: well formed → reaches the lab, and its answer carries its id', async () => {
    lab.answer = async () => ({ ok: true, value: [{ server: 'S1', pid: 7 }] });
    const answer = await ask({ id: 4, name: 'kill', ask: { servers: ['S1'], signal: 'SIGKILL' } });
    expect(answer).toEqual({ id: 4, result: { ok: true, value: [{ server: 'S1', pid: 7 }] } });
    expect(lab.asked).toEqual([{ name: 'kill', ask: { servers: ['S1'], signal: 'SIGKILL' } }]);
  });

  test('requests: answered in another order → each gets its own answer', async () => {
    let release: (result: LabResult<unknown>) => void = () => undefined;
    lab.answer = (name) =>
      name === 'submit' ? new Promise((resolve) => (release = resolve)) : Promise.resolve({ ok: true, value: [] });
    await ask({ id: 1, name: 'submit', ask: { command: { op: 'get', key: 'x' } } });
    await ask({ id: 2, name: 'listRuns', ask: {} });
    release({ ok: true, value: { outcome: 'unknown', attempts: 3 } });
    await new Promise(setImmediate);
    expect(socket.frames.slice(1).map((frame) => (frame as { id: number }).id)).toEqual([2, 1]);
  });

  test.each([
    ['a name nobody knows', { id: 1, name: 'spawn', ask: {} }],
    ['a name of the prototype', { id: 1, name: 'constructor', ask: {} }],
    ['a pid instead of a server', { id: 1, name: 'kill', ask: { servers: [1234], signal: 'SIGKILL' } }],
    ['a path with a request', { id: 1, name: 'restart', ask: { servers: ['S1'], path: '/bin/sh' } }],
    ['no ask', { id: 1, name: 'kill' }],
  ])('request with %s → bad-request, and the lab does nothing', async (_name, frame) => {
    const answer = await ask(frame);
    expect(answer).toMatchObject({ id: 1, result: { ok: false, error: { code: 'bad-request' } } });
    expect(lab.asked).toEqual([]);
  });

  test('frame: not a request → ignored; too many → connection ended', async () => {
    for (const frame of ['not json', '[]', '{"id":"1"}', '{"id":1.5,"name":"kill","ask":{}}']) {
      expect(await ask(frame)).toBeUndefined();
    }
    expect(socket.did).toEqual([]);
    client.received('{"id":1,"name":"listRuns","ask":{}}', true);
    for (let i = 0; i < 6; i += 1) await ask('{}');
    expect(socket.did).toEqual(['close 1008']);
    expect(lab.asked).toEqual([]);
  });

  test('requests: over 50 a second after a burst of 100 → busy for a while', async () => {
    for (let id = 0; id < 101; id += 1) await ask({ id, name: 'listRuns', ask: {} });
    expect(lab.asked).toHaveLength(100);
    expect(socket.frames.at(-1)).toMatchObject({ id: 100, result: { ok: false, error: { code: 'busy' } } });
    now = 1000;
    for (let id = 0; id < 60; id += 1) await ask({ id, name: 'listRuns', ask: {} });
    expect(lab.asked).toHaveLength(150);
  });

  test('request: lab rejects → answered with lab-failed', async () => {
    lab.answer = () => Promise.reject(new Error('out of luck'));
    expect(await ask({ id: 9, name: 'listRuns', ask: {} })).toMatchObject({
      id: 9,
      result: { ok: false, error: { code: 'lab-failed', params: { detail: 'Error: out of luck' } } },
    });
  });
});

describe('pushes', () => {
  test('pushes: subscribed → mode first, then in order', () => {
    lab.push(viewPush);
    lab.push(eventsPush(0));
    expect(socket.frames).toEqual([{ push: modePush }, { push: viewPush }, { push: eventsPush(0) }]);
  });

  test('page: behind → no pushes; caught up → whole view and the number of lost events', async () => {
    socket.bufferedAmount = BEHIND_BYTES + 1;
    lab.push(viewPush);
    lab.push(eventsPush(3));
    lab.push(eventsPush(4));
    expect(socket.frames).toHaveLength(1);
    socket.bufferedAmount = BEHIND_BYTES / 2;
    socket.flush();
    expect(socket.frames).toHaveLength(1);
    // The page has read everything; the valve learns this at the next answer.
    socket.bufferedAmount = 0;
    await ask({ id: 1, name: 'nobody', ask: {} });
    socket.flush();
    expect(socket.frames.slice(2)).toEqual([{ push: modePush }, { push: eventsPush(7) }]);
    expect(lab.listeners.size).toBe(1);
    lab.push(viewPush);
    expect(socket.frames.at(-1)).toEqual({ push: viewPush });
  });

  test('page: reads no answers → disconnected', async () => {
    socket.bufferedAmount = 65 * 1024 * 1024;
    await ask({ id: 1, name: 'listRuns', ask: {} });
    expect(socket.did).toContain('terminate');
  });

  test('page: closed → unsubscribed from the lab', () => {
    client.stop();
    expect(lab.listeners.size).toBe(0);
  });
});

test('page: ping unanswered → disconnected at the next one', () => {
  client.beat();
  client.pong();
  client.beat();
  expect(socket.did).toEqual(['ping', 'ping']);
  client.beat();
  expect(socket.did).toEqual(['ping', 'ping', 'terminate']);
});
