/**
 * The lives of a server as the lab manages them, shown on a fake process, so that every order of events can be tried.
 */
import { expect, test } from 'vitest';
import type { Exit } from '../../src/cluster/processes/child.ts';
import { ServerProcess } from '../../src/cluster/server-process.ts';
import type { LabEvent } from '../../src/core/catalogue/index.ts';
import type { ServerRequest } from '../../src/core/wire/index.ts';
import { fakeProcesses } from '../helpers/fake-lives.ts';

function stage(earlier = { lives: 0, everReady: false }) {
  const observed: (readonly [number, boolean, number])[] = [];
  const { lives, control, children, guard } = fakeProcesses<ServerRequest>();
  const notes: LabEvent[] = [];
  const routes: (readonly [number, number | null])[] = [];
  const orders = { tickMs: 10, electionTicks: 15 };
  const server = new ServerProcess({
    id: 'S1',
    program: 'none',
    folder: '/nowhere',
    earlier,
    control,
    children,
    spec: () => ({ ...SPEC, ...orders }),
    route: (life, port) => {
      routes.push([life, port]);
      return Promise.resolve();
    },
    note: (event) => notes.push(event),
    onEvents: () => undefined,
    onProblem: () => undefined,
    onGone: () => undefined,
    observeDisk: (life, everReady) => {
      observed.push([life, everReady, lives.length]);
      return Promise.resolve();
    },
  });
  return { server, lives, notes, routes, orders, observed, guard };
}

const SPEC = {
  runId: 'run',
  secret: 'secret',
  servers: ['S1'],
  durability: 'fsync',
  flags: { preVote: false, checkQuorum: false, noop: false },
  electionTicks: 15,
  heartbeatTicks: 5,
  seed: 1,
  controlUrl: 'ws://127.0.0.1:1',
  networkUrl: 'ws://127.0.0.1:2',
  originNs: '0',
} as const;

const KILLED: Exit = { code: null, signal: 'SIGKILL' };
const GO = Promise.resolve();

test('restart waits for the last life: the run stops → refused, no process is spawned', async () => {
  const { server, lives } = stage();
  await server.start(GO);
  // The server is stopped from a terminal: SIGTERM is pending, so the restart waits.
  server.signal('SIGTERM');
  const restarting = server.start(GO);
  const refused = expect(restarting).rejects.toMatchObject({ error: { code: 'busy' } });
  const stopping = server.stop(1_000);
  lives[0]?.exit({ code: 0, signal: null });
  await stopping;
  await refused;
  await expect(server.start(GO)).rejects.toMatchObject({ error: { code: 'busy' } });
  expect(lives).toHaveLength(1);
  expect(server.phase).toBe('down');
});

test('server starting: pace changes → the new pace is sent before it starts ticking', async () => {
  const { server, lives, orders } = stage();
  await server.start(GO);
  orders.tickMs = 100;
  expect(await server.ask({ type: 'pace', tickMs: 100 })).toEqual({ outcome: 'no-answer' });
  lives[0]?.connect();
  lives[0]?.ready(4001);
  await expect.poll(() => lives[0]?.asked).toEqual([{ type: 'pace', tickMs: 100 }, { type: 'go' }]);
});

test('server starting: timing changes → the new timing is sent before it starts ticking', async () => {
  const { server, lives, orders } = stage();
  await server.start(GO);
  orders.electionTicks = 40;
  lives[0]?.connect();
  lives[0]?.ready(4001);
  const timing = { type: 'timing', electionTicks: 40, heartbeatTicks: 5 };
  await expect.poll(() => lives[0]?.asked).toEqual([timing, { type: 'go' }]);
});

test('late report of an ended life → the next life’s state and route are unchanged', async () => {
  const { server, lives, routes, notes } = stage();
  await server.start(GO);
  lives[0]?.connect();
  lives[0]?.exit(KILLED);
  await server.start(GO);
  lives[0]?.ready(4001);
  expect(server.phase).toBe('starting');
  lives[1]?.connect();
  lives[1]?.ready(4002);
  await expect.poll(() => lives[1]?.asked).toEqual([{ type: 'go' }]);
  expect(routes).toEqual([
    [1, null],
    [2, 4002],
  ]);
  expect(notes.map(({ event }) => event)).toEqual(['ServerSpawned', 'ServerExited', 'ServerSpawned', 'ServerReady']);
});

test('files of an earlier lab that died → read into the trace once, before the server starts', async () => {
  const { server, lives, observed } = stage({ lives: 3, everReady: true });
  await server.start(GO);
  expect(observed).toEqual([[3, true, 0]]);
  lives[0]?.exit(KILLED);
  await server.start(GO);
  expect(observed).toEqual([
    [3, true, 0],
    [4, true, 1],
  ]);
  const fresh = stage();
  await fresh.server.start(GO);
  expect(fresh.observed).toEqual([]);
});

test('freeze only while up, resume only while frozen → each intention noted before its outcome', async () => {
  const { server, lives, notes } = stage();
  await expect(server.freeze()).rejects.toMatchObject({ error: { code: 'not-up' } });
  await server.start(GO);
  await expect(server.freeze()).rejects.toMatchObject({ error: { code: 'not-up' } });
  lives[0]?.connect();
  lives[0]?.ready(4001);
  expect(() => server.resume()).toThrow(/not frozen/);
  notes.length = 0;
  await server.freeze();
  await expect(server.freeze()).rejects.toMatchObject({ error: { code: 'already-frozen' } });
  server.resume();
  expect(lives[0]?.signals).toEqual(['SIGSTOP', 'SIGCONT']);
  const told = notes.map((note) => ('signal' in note ? `${note.event} ${note.signal}` : note.event));
  expect(told).toEqual(['SignalOrdered SIGSTOP', 'ServerFrozen', 'SignalOrdered SIGCONT', 'ServerResumed']);
});

test('freeze: the reaper does not guard the server → refused', async () => {
  const { server, lives, guard } = stage();
  await server.start(GO);
  lives[0]?.connect();
  lives[0]?.ready(4001);
  guard.on = false;
  await expect(server.freeze()).rejects.toMatchObject({ error: { code: 'cannot-freeze' } });
  expect(lives[0]?.signals).toEqual([]);
  guard.on = true;
  await server.freeze();
  lives[0]?.exit(KILLED);
  await expect.poll(() => server.phase).toBe('down');
  expect(() => server.resume()).toThrow(/not frozen/);
});
