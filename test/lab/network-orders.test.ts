/** What the network process is told when it comes up, shown on a process that exists only here. */
import { expect, test } from 'vitest';
import type { NetworkRequest } from '../../src/core/wire/index.ts';
import type { ControlChannel } from '../../src/lab/control/channel.ts';
import type { ControlServer, Expectation } from '../../src/lab/control/control-server.ts';
import type { Child, Exit } from '../../src/lab/processes/child.ts';
import type { Children } from '../../src/lab/processes/children.ts';
import { NetworkProcess } from '../../src/lab/run/network-process.ts';
import { deferred } from '../../src/lab/waiting.ts';

interface FakeLife {
  readonly asked: NetworkRequest[];
  readonly orders: Readonly<Record<string, unknown>>;
  connect(): void;
  ready(): void;
  die(): void;
}

function stage() {
  const lives: FakeLife[] = [];
  let expected: Expectation | null = null;
  const control: ControlServer = {
    url: 'ws://127.0.0.1:1',
    port: 1,
    expect: (expectation) => {
      expected = expectation;
      return () => undefined;
    },
    close: () => Promise.resolve(),
  };
  const children: Children = {
    start: ({ spec }) => {
      const { life, child } = fakeLife(lives.length + 1, expected as Expectation, JSON.parse(spec.json));
      lives.push(life);
      return Promise.resolve(child);
    },
    killNow: () => undefined,
    isGuarded: () => true,
    close: () => Promise.resolve(),
  };
  const network = new NetworkProcess({
    program: 'none',
    folder: '/nowhere',
    spec: {
      ...{ runId: 'run', secret: 'secret', servers: ['S1', 'S2'] },
      ...{ controlUrl: 'ws://127.0.0.1:1', originNs: '0', hopDelayMs: 0 },
    },
    earlierLives: 0,
    control,
    children,
    note: () => undefined,
    onEvents: () => undefined,
    onProblem: () => undefined,
    onFailed: () => undefined,
  });
  return { network, lives };
}

function fakeLife(pid: number, expectation: Expectation, orders: FakeLife['orders']) {
  const exited = deferred<Exit>();
  const closed = deferred<void>();
  const asked: NetworkRequest[] = [];
  let over: Exit | null = null;
  const output = { lines: () => [], lastLine: () => '', ended: Promise.resolve() };
  const channel: ControlChannel = {
    ask: (request) => {
      asked.push(request as NetworkRequest);
      return Promise.resolve({ outcome: 'answered', value: null });
    },
    close: () => undefined,
    closed: closed.promise,
  };
  const life: FakeLife = {
    asked,
    orders,
    connect: () => expectation.onChannel(channel),
    ready: () => expectation.onReport({ type: 'ready', port: 4000 }),
    die: () => {
      over = { code: null, signal: 'SIGKILL' };
      closed.resolve();
      exited.resolve(over);
    },
  };
  const child: Child = {
    ...{ pid, startedAt: 0, identity: { pid, startTime: '1' }, stdout: output, stderr: output },
    exited: exited.promise,
    exit: () => over,
    signal: () => over === null,
  };
  return { life, child };
}

test('a pace that changed while the network was starting is told to it', async () => {
  const { network, lives } = stage();
  const started = network.start();
  await expect.poll(() => lives.length).toBe(1);
  await network.setHopDelay(200);
  lives[0]?.connect();
  lives[0]?.ready();
  await started;
  expect(lives[0]?.orders).toMatchObject({ hopDelayMs: 0 });
  expect(lives[0]?.asked).toEqual([{ type: 'pace', hopDelayMs: 200 }]);
});

test('one that replaces a dead one hears of cuts before it hears of any route, whatever is ordered meanwhile', async () => {
  const { network, lives } = stage();
  const started = network.start();
  await expect.poll(() => lives.length).toBe(1);
  lives[0]?.connect();
  lives[0]?.ready();
  await started;
  const cut = { from: 'S1', to: 'S2', policy: { mode: 'cut' } } as const;
  await network.setPolicies([cut]);
  await network.route('S1', 1, 4001);
  lives[0]?.die();
  await expect.poll(() => lives.length).toBe(2);
  await network.setHopDelay(600);
  lives[1]?.connect();
  // It is connected, but does not listen yet, when S2 says where it is.
  await network.route('S2', 1, 4002);
  lives[1]?.ready();
  await expect
    .poll(() => lives[1]?.asked)
    .toEqual([
      { type: 'pace', hopDelayMs: 600 },
      { type: 'policies', links: [cut] },
      { type: 'route', server: 'S1', life: 1, port: 4001 },
      { type: 'route', server: 'S2', life: 1, port: 4002 },
    ]);
});
