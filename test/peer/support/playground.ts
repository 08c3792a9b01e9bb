/**
 * Plays the lab and the network for real server processes: a control listener that collects the servers' messages, and
 * a relay that forwards every frame. `close` ends every process that was started here.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocket, WebSocketServer } from 'ws';
import {
  type ControlUp,
  decodeControlUp,
  type EventBody,
  HELLO_HEADERS,
  isProblem,
  type Json,
  type ServerRequest,
  type ServerSpec,
  type ServerStateView,
} from '../../../src/core/wire/index.ts';
import { until } from '../../helpers/until.ts';

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stderr: string;
}

export interface PlayedServer {
  readonly id: string;
  readonly life: number;
  readonly pid: number;
  readonly folder: string;
  readonly child: ChildProcess;
  readonly events: EventBody[];
  readonly telemetry: Json[];
  readonly exited: Promise<Exit>;
  /** Requests that wait for an answer, by id. */
  readonly asked: Map<number, { resolve(value: Json): void; reject(error: Error): void }>;
  /** Port from the server's `ready` message; null before it. */
  port: number | null;
  /** Control connection of the server. */
  control: WebSocket | null;
  ask(request: ServerRequest): Promise<Json>;
}

/** Limits and options for starting a server's process. */
export interface StartOptions {
  /** Maximum number of open files. */
  readonly maxOpenFiles?: number;
  /** Options of Node, before the program's file. */
  readonly nodeOptions?: readonly string[];
}

export interface Playground {
  readonly secret: string;
  readonly runId: string;
  readonly networkUrl: string;
  /** Starts a server; resolves when it is ready, or has exited. */
  start(id: string, changes?: Partial<ServerSpec>, how?: StartOptions): Promise<PlayedServer>;
  state(server: PlayedServer): Promise<ServerStateView>;
  close(): Promise<void>;
}

export async function openPlayground(program: string, folder: string, servers: readonly string[]): Promise<Playground> {
  const secret = randomBytes(24).toString('base64url');
  const runId = `peer-test-${process.pid}-${randomBytes(3).toString('hex')}`;
  const originNs = String(process.hrtime.bigint());
  const running = new Map<string, PlayedServer>();
  const started: PlayedServer[] = [];
  const lives = new Map<string, number>();

  const control = await listener((socket, request) => {
    const server = running.get(String(request.headers[HELLO_HEADERS.from]));
    if (server === undefined || String(server.life) !== request.headers[HELLO_HEADERS.life]) return socket.terminate();
    server.control = socket;
    socket.on('message', (data) => hear(server, data.toString()));
  });
  const relay = await listener((inbound, request) => {
    const port = running.get(String(request.headers[HELLO_HEADERS.to]))?.port ?? null;
    if (port === null) return inbound.terminate();
    const { host: _host, ...headers } = pick(request);
    pipe(inbound, new WebSocket(`ws://127.0.0.1:${port}${request.url ?? ''}`, { headers, perMessageDeflate: false }));
  });

  function specOf(id: string, life: number, changes: Partial<ServerSpec>): ServerSpec {
    return {
      ...{ runId, secret, server: id, servers, life, mustExist: life > 1, folder: join(folder, id) },
      ...{ durability: 'fsync', flags: { preVote: true, checkQuorum: true, noop: true } },
      ...{ electionTicks: 15, heartbeatTicks: 5, tickMs: 10, seed: 7, originNs },
      ...{ controlUrl: control.url, networkUrl: relay.url },
      ...changes,
    };
  }

  return {
    secret,
    runId,
    networkUrl: relay.url,
    async start(id, changes = {}, { maxOpenFiles, nodeOptions = [] } = {}) {
      const life = (lives.get(id) ?? 0) + 1;
      lives.set(id, life);
      const spec = specOf(id, life, changes);
      const node = [process.execPath, ...nodeOptions, program, '--run', runId, '--server', id];
      const [command = '', ...args] = maxOpenFiles === undefined ? node : withFileLimit(maxOpenFiles, node);
      const child = spawn(command, args, {
        env: { PATH: process.env.PATH ?? '', RAFT_LAB_SERVER: JSON.stringify(spec) },
        stdio: ['pipe', 'ignore', 'pipe'],
      });
      const server = played(id, { life, folder: spec.folder, child });
      running.set(id, server);
      started.push(server);
      await Promise.race([until(`${id} is ready`, () => server.port !== null), server.exited]);
      return server;
    },
    state: async (server) => (await server.ask({ type: 'state' })) as unknown as ServerStateView,
    async close() {
      for (const { child } of started) child.kill('SIGKILL');
      await Promise.all(started.map((server) => server.exited));
      for (const http of [control.http, relay.http]) {
        http.close();
        http.closeAllConnections();
      }
    },
  };
}

/** Returns a command that runs the same process under a limit of open files, which a shell sets. */
function withFileLimit(maxOpenFiles: number, command: readonly string[]): readonly string[] {
  return ['/bin/sh', '-c', `ulimit -n ${maxOpenFiles} && exec "$@"`, 'sh', ...command];
}

function played(
  id: string,
  { life, folder, child }: { readonly life: number; readonly folder: string; readonly child: ChildProcess },
): PlayedServer {
  let stderr = '';
  let lastId = 0;
  child.stderr?.on('data', (data) => {
    stderr += String(data);
  });
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stderr: stderr.trimEnd() }));
  });
  const server: PlayedServer = {
    ...{ id, life, folder, child, exited, events: [], telemetry: [], asked: new Map(), port: null, control: null },
    pid: child.pid ?? 0,
    ask: (request) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        server.asked.set(lastId, { resolve, reject });
        server.control?.send(JSON.stringify({ type: 'request', id: lastId, request }));
      }),
  };
  void exited.then(() => {
    for (const { reject } of server.asked.values()) reject(new Error(`${id} went away`));
  });
  return server;
}

function hear(server: PlayedServer, text: string): void {
  const up: ControlUp | { readonly problem: string } = decodeControlUp(text);
  if (isProblem(up)) throw new Error(`${server.id} said something that is not control: ${up.problem}`);
  if (up.type === 'answer') {
    const asked = server.asked.get(up.id);
    server.asked.delete(up.id);
    if (up.ok) asked?.resolve(up.value);
    else asked?.reject(new Error(up.reason));
  }
  if (up.type === 'ready') server.port = up.port;
  if (up.type === 'events') server.events.push(...up.events);
  if (up.type === 'telemetry') server.telemetry.push({ ...up.telemetry });
}

async function listener(
  onSocket: (socket: WebSocket, request: IncomingMessage) => void,
): Promise<{ readonly url: string; readonly http: Server }> {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
  sockets.on('connection', onSocket);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return { url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`, http };
}

function pick({ headers }: IncomingMessage): Record<string, string> {
  const names = ['authorization', ...Object.values(HELLO_HEADERS)];
  return Object.fromEntries(names.map((name) => [name, String(headers[name])]));
}

/** Forwards frames both ways; when one side closes, closes the other. */
function pipe(inbound: WebSocket, outbound: WebSocket): void {
  const early: string[] = [];
  inbound.on('message', (data) => {
    if (outbound.readyState === WebSocket.OPEN) outbound.send(String(data));
    else early.push(String(data));
  });
  outbound.on('open', () => {
    for (const frame of early) outbound.send(frame);
  });
  outbound.on('message', (data) => inbound.send(String(data)));
  for (const [one, other] of [
    [inbound, outbound],
    [outbound, inbound],
  ] as const) {
    one.on('close', () => other.terminate());
    one.on('error', () => undefined);
  }
}
