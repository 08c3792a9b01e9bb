/**
 * Processes that exist only in a test, for the lab's ServerProcess and NetworkProcess. The test triggers every step of
 * a process's life (channel open, ready, end), so it can try every order.
 */
import type { ControlChannel } from '../../src/cluster/control/channel.ts';
import type { ControlServer, Expectation } from '../../src/cluster/control/control-server.ts';
import type { Child, Exit } from '../../src/cluster/processes/child.ts';
import type { Children } from '../../src/cluster/processes/children.ts';
import { type Deferred, deferred } from '../../src/cluster/waiting.ts';

/** One start of a process. */
export interface FakeLife<Request> {
  readonly signals: readonly string[];
  /** Requests that the lab sent over control, in order. */
  readonly asked: readonly Request[];
  /** The spec it was started with. */
  readonly spec: Readonly<Record<string, unknown>>;
  connect(): void;
  ready(port: number): void;
  exit(how: Exit): void;
}

/** The lab's side of such processes; `lives` gets one more item with each start. */
export interface FakeProcesses<Request> {
  readonly lives: readonly FakeLife<Request>[];
  readonly control: ControlServer;
  readonly children: Children;
  /** Whether the reaper has acknowledged the processes. */
  readonly guard: { on: boolean };
}

export function fakeProcesses<Request>(): FakeProcesses<Request> {
  const lives: FakeLife<Request>[] = [];
  const guard = { on: true };
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
      const { life, child } = fakeLife<Request>(lives.length + 1, expected as Expectation, JSON.parse(spec.json));
      lives.push(life);
      return Promise.resolve(child);
    },
    killNow: () => undefined,
    isGuarded: () => guard.on,
    close: () => Promise.resolve(),
  };
  return { lives, control, children, guard };
}

function fakeLife<Request>(pid: number, expectation: Expectation, spec: FakeLife<Request>['spec']) {
  const exited: Deferred<Exit> = deferred();
  const closed: Deferred<void> = deferred();
  const signals: string[] = [];
  const asked: Request[] = [];
  let over: Exit | null = null;
  const output = { lines: () => [], lastLine: () => '', ended: Promise.resolve() };
  const channel: ControlChannel = {
    ask: (request) => {
      asked.push(request as Request);
      return Promise.resolve({ outcome: 'answered', value: null });
    },
    close: () => undefined,
    closed: closed.promise,
  };
  const life: FakeLife<Request> = {
    ...{ signals, asked, spec },
    connect: () => expectation.onChannel(channel),
    ready: (port) => expectation.onReport({ type: 'ready', port }),
    exit: (how) => {
      over = how;
      closed.resolve();
      exited.resolve(how);
    },
  };
  const child: Child = {
    ...{ pid, startedAt: 0, identity: { pid, startTime: '1' }, stdout: output, stderr: output },
    exited: exited.promise,
    exit: () => over,
    stopped: () => Promise.resolve(over === null),
    signal: (signal) => {
      signals.push(signal);
      return over === null;
    },
  };
  return { life, child };
}
