// @vitest-environment happy-dom
/** The browser's door: numbered requests, pushes in order, and reconnection. */
import { describe, expect, test } from 'vitest';
import type { DoorConnection, LabPush } from '../../src/core/lab-api/index.ts';
import { BACKOFF_MS, createBrowserDoor } from '../../src/renderer/door/browser-door.ts';
import { createWindowDoor } from '../../src/renderer/door/window-door.ts';

interface FakeSocket {
  readyState: number;
  readonly sent: string[];
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onmessage: ((message: { readonly data: unknown }) => void) | null;
  send(frame: string): void;
}

function setUp(whyShut: () => Promise<DoorConnection> = async () => 'lost') {
  const sockets: FakeSocket[] = [];
  const timers: { readonly ms: number; readonly run: () => void }[] = [];
  const door = createBrowserDoor({
    url: 'ws://here/lab',
    openSocket() {
      const sent: string[] = [];
      const socket: FakeSocket = {
        readyState: 0,
        sent,
        onopen: null,
        onclose: null,
        onmessage: null,
        send: (f) => sent.push(f),
      };
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    setTimer: (run, ms) => timers.push({ run, ms }),
    whyShut,
  });
  const last = (): FakeSocket => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  };
  const openLast = () => {
    last().readyState = 1;
    last().onopen?.();
  };
  const receive = (frame: unknown) => last().onmessage?.({ data: JSON.stringify(frame) });
  return { door, sockets, timers, last, openLast, receive };
}

const answer = { ok: true, value: { mode: 'idle' } };

describe('asks', () => {
  test('request: before the connection → waits, is numbered, gets its own answer', async () => {
    const { door, last, openLast, receive } = setUp();
    const first = door.ask('ready', { autoStart: true });
    const second = door.ask('setPace', { pace: 'real' });
    expect(last().sent).toEqual([]);
    openLast();
    expect(last().sent.map((frame) => JSON.parse(frame))).toEqual([
      { id: 1, name: 'ready', ask: { autoStart: true } },
      { id: 2, name: 'setPace', ask: { pace: 'real' } },
    ]);
    receive({ id: 2, result: { ok: true, value: { pace: 'real' } } });
    receive({ id: 1, result: answer });
    expect(await second).toEqual({ ok: true, value: { pace: 'real' } });
    expect(await first).toEqual(answer);
  });

  test('request: waiting when the connection breaks → answered with connection-lost', async () => {
    const { door, last, openLast } = setUp();
    const ask = door.ask('kill', { servers: ['S1'], signal: 'SIGKILL' });
    openLast();
    last().onclose?.();
    expect(await ask).toMatchObject({ ok: false, error: { code: 'connection-lost' } });
    const while_ = await door.ask('heal', {});
    expect(while_).toMatchObject({ ok: false, error: { code: 'connection-lost' } });
  });
});

describe('the connection', () => {
  test('connection: lost → tried again with growing pauses; success → pauses reset', () => {
    const { door, sockets, timers, last, openLast } = setUp();
    const states: string[] = [];
    door.listen(
      () => undefined,
      (state) => states.push(state),
    );
    openLast();
    for (let round = 0; round < 7; round += 1) {
      last().onclose?.();
      timers.at(-1)?.run();
    }
    const pauses = timers.map((timer) => timer.ms);
    expect(pauses.slice(0, 3)).toEqual([BACKOFF_MS.first, BACKOFF_MS.first * 2, BACKOFF_MS.first * 4]);
    expect(pauses.at(-1)).toBe(BACKOFF_MS.last);
    expect(sockets).toHaveLength(8);
    openLast();
    last().onclose?.();
    expect(timers.at(-1)?.ms).toBe(BACKOFF_MS.first);
    expect(states.filter((state) => state === 'open')).toHaveLength(2);
  });

  test('connection: never opened → the host’s reason is read, and it tries again', async () => {
    let why: DoorConnection = 'restarted';
    const { door, timers, last, openLast } = setUp(async () => why);
    const states: string[] = [];
    door.listen(
      () => undefined,
      (state) => states.push(state),
    );
    openLast();
    last().onclose?.();
    for (const next of ['restarted', 'full', 'lost'] as const) {
      why = next;
      timers.at(-1)?.run();
      last().onclose?.();
      await Promise.resolve();
    }
    timers.at(-1)?.run();
    openLast();
    expect(states).toEqual(['open', 'lost', 'restarted', 'full', 'lost', 'open']);
  });

  test('connection: restored before the host’s reason comes → stays open', async () => {
    let say: (why: DoorConnection) => void = () => undefined;
    const { door, timers, last, openLast } = setUp(() => new Promise((resolve) => (say = resolve)));
    const states: string[] = [];
    door.listen(
      () => undefined,
      (state) => states.push(state),
    );
    last().onclose?.();
    timers.at(-1)?.run();
    openLast();
    say('restarted');
    await Promise.resolve();
    expect(states).toEqual(['open']);
  });

  test('pushes: arrive → in order; foreign frame → ignored; unsubscribed → no more', () => {
    const { door, openLast, receive, last } = setUp();
    const pushes: LabPush[] = [];
    const stop = door.listen(
      (push) => pushes.push(push),
      () => undefined,
    );
    openLast();
    receive({ push: { type: 'events', page: { events: [], leftOut: 1 } } });
    last().onmessage?.({ data: '<html>' });
    receive({ hello: 'there' });
    receive({ push: { type: 'events', page: { events: [], leftOut: 2 } } });
    stop();
    receive({ push: { type: 'events', page: { events: [], leftOut: 3 } } });
    expect(pushes.map((push) => (push.type === 'events' ? push.page.leftOut : null))).toEqual([1, 2]);
  });
});

test('window door: every call → passed to the bridge; connection always open', async () => {
  const listening: string[] = [];
  const never = () => Promise.reject(new Error('no settings here'));
  const door = createWindowDoor({
    kind: 'window',
    ask: (async () => answer) as never,
    listen: () => () => void listening.push('stopped'),
    openRecording: async ({ name }) => ({ ok: false, error: { code: 'not-a-recording', params: {}, message: name } }),
    openNamed: never,
    exportRun: async () => ({ ok: true, value: { savedAs: '/a/b.jsonl' } }),
    setLanguage: () => undefined,
    setTheme: () => undefined,
    onAction: () => () => undefined,
    showExported: () => void listening.push('shown'),
    readSettings: never,
    changeSettings: never,
    actOnSettings: never,
  });
  const stop = door.listen(
    () => undefined,
    (state) => listening.push(state),
  );
  stop();
  door.showExported?.();
  expect(listening).toEqual(['open', 'stopped', 'shown']);
  expect(await door.ask('ready', { autoStart: true })).toEqual(answer);
  expect(await door.exportRun()).toEqual({ ok: true, value: { savedAs: '/a/b.jsonl' } });
  expect(await door.openRecording(new File([], 'run.jsonl'), false)).toMatchObject({ error: { message: 'run.jsonl' } });
});
