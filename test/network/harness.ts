/**
 * Plays the lab, servers and clients around one real network process, so that the test sees every frame to and from the
 * network.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocket as WebSocketClient, WebSocketServer } from 'ws';
import type { NetworkEvent } from '../../src/core/catalogue/index.ts';
import {
  checkHello,
  decodeControlUp,
  type EventBody,
  encodeControl,
  encodeRaftMessage,
  helloHeaders,
  isProblem,
  loopbackHosts,
  messageId,
  type NetworkRequest,
  type NetworkSpec,
} from '../../src/core/wire/index.ts';

export const secret = 'test-secret-0123456789';
export const runId = 'test-run';
const originNs = process.hrtime.bigint().toString();

export type Recorded = EventBody & NetworkEvent;

export function nowUs(): number {
  return Number((process.hrtime.bigint() - BigInt(originNs)) / 1000n);
}

/**
 * Waits until `ready()` is neither undefined nor false, and checks it at each `poke`. Rejects after 10 s with the name of
 * the missing condition.
 */
function createWaiters() {
  const waiting = new Set<() => void>();
  return {
    poke: () => {
      for (const check of [...waiting]) check();
    },
    until<Value>(what: string, ready: () => Value | undefined | false): Promise<Value> {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`waited 10 s for ${what}`));
        }, 10_000);
        const check = (): void => {
          const value = ready();
          if (value === undefined || value === false) return;
          waiting.delete(check);
          clearTimeout(timer);
          resolve(value);
        };
        waiting.add(check);
        check();
      });
    },
  };
}

/** Opens a listener on its own port that accepts WebSockets with a valid hello. */
async function listenForHello(onSocket: (socket: WebSocket, from: string, life: number) => void): Promise<Server> {
  const server = createServer();
  const upgrades = new WebSocketServer({ noServer: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.on('upgrade', (request, socket, head) => {
    const hello = checkHello(request.headers, { secret, runId, hosts: loopbackHosts(port) });
    if (!hello.ok) throw new Error(`the network's hello was refused: ${hello.reason}`);
    upgrades.handleUpgrade(request, socket, head, (accepted) => onSocket(accepted, hello.from, hello.life));
  });
  return server;
}

export interface FakeServer {
  readonly port: number;
  /** Frames of all senders, in order of arrival. */
  readonly frames: string[];
  /** Sockets that are open now, by sender and life: `S1.1`. */
  readonly open: Map<string, WebSocket>;
  /** Sockets that were closed, by the other side or by `die`. */
  readonly closed: string[];
  /** Closes the port and all connections at once, as a killed process does. */
  die(): void;
}

export interface Network {
  readonly child: ChildProcess;
  readonly port: number;
  readonly url: string;
  readonly control: WebSocket;
  readonly events: Recorded[];
  until: ReturnType<typeof createWaiters>['until'];
  request(request: NetworkRequest): Promise<string>;
  /** Starts a server with its next life and announces its route to the network. */
  startServer(id: string): Promise<FakeServer>;
  /** Connects as `from` (server or client) towards `to`. */
  dial(from: string, to: string, life?: number): Promise<WebSocket>;
  exited(): Promise<number | null>;
  /** Lines of stderr, without an empty last line. */
  stderr(): readonly string[];
  close(): Promise<void>;
}

let counter = 0;

/** Returns a heartbeat as one frame, with the id from its header. */
export function heartbeat(from: string, to: string, life = 1): { id: string; text: string } {
  counter += 1;
  const id = messageId(from, life, counter);
  const entries = { prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0 };
  const message = { type: 'AppendEntries' as const, from, to, term: 3, ...entries };
  return { id, text: encodeRaftMessage(message, { id, life, sentUs: nowUs() }) };
}

/**
 * Starts a network process.
 *
 * @param nodeOptions  options of Node, before the program's file
 */
export async function startNetwork(
  file: string,
  overrides: Partial<NetworkSpec> = {},
  nodeOptions: readonly string[] = [],
): Promise<Network> {
  const waiters = createWaiters();
  const events: Recorded[] = [];
  const answers = new Map<number, string>();
  const servers: FakeServer[] = [];
  const dialled: WebSocket[] = [];
  const lives = new Map<string, number>();
  let port = 0;
  let control: WebSocket | undefined;

  const lab = await listenForHello((socket, from) => {
    if (from !== 'network') throw new Error(`${from} on the control channel`);
    control = socket;
    socket.on('message', (data) => {
      const up = decodeControlUp(data.toString());
      if (isProblem(up)) throw new Error(up.problem);
      if (up.type === 'ready') port = up.port;
      if (up.type === 'events') events.push(...(up.events as Recorded[]));
      if (up.type === 'answer') answers.set(up.id, up.ok ? 'ok' : up.reason);
      waiters.poke();
    });
  });
  const controlUrl = `ws://127.0.0.1:${(lab.address() as AddressInfo).port}`;
  const child = spawnNetwork([...nodeOptions, file], {
    runId,
    secret,
    controlUrl,
    originNs,
    life: 1,
    hopDelayMs: 0,
    seed: 7,
    // Unless a test needs the watch, it stays silent, because its events would mix with those of the links.
    servers: ['S1', 'S2', 'S3'],
    tickMs: 60_000,
    electionTicks: 1_000,
    ...overrides,
  });
  let stderr = '';
  child.stderr?.on('data', (data) => {
    stderr += String(data);
  });
  // After `close` all output has been read.
  child.on('close', waiters.poke);
  await waiters.until('ready', () => port > 0 || isOver(child));

  const network: Network = {
    child,
    port,
    url: `ws://127.0.0.1:${port}`,
    control: control as unknown as WebSocket,
    events,
    until: waiters.until,
    async request(request) {
      const id = answers.size + 1;
      control?.send(encodeControl({ type: 'request', id, request }));
      return waiters.until(`answer ${id}`, () => answers.get(id));
    },
    async startServer(id) {
      const server = await startFakeServer(waiters.poke);
      servers.push(server);
      const life = (lives.get(id) ?? 0) + 1;
      lives.set(id, life);
      await network.request({ type: 'route', server: id, life, port: server.port });
      return server;
    },
    async dial(from, to, life = 1) {
      const socket = await dialAs(network.url, { from, to, life }, waiters.poke);
      dialled.push(socket);
      return socket;
    },
    exited: async () => {
      await waiters.until('exit', () => isOver(child));
      return child.exitCode;
    },
    stderr: () => stderr.trimEnd().split('\n'),
    async close() {
      for (const socket of dialled) socket.terminate();
      for (const server of servers) server.die();
      child.stdin?.end();
      await network.exited();
      control?.terminate();
      lab.close();
    },
  };
  return network;
}

async function dialAs(
  url: string,
  hello: { readonly from: string; readonly to: string; readonly life: number },
  poke: () => void,
): Promise<WebSocket> {
  const path = hello.from.startsWith('C') ? '/clients' : '/links';
  const socket = new WebSocketClient(`${url}${path}`, { headers: helloHeaders({ runId, secret, ...hello }) });
  socket.on('close', poke);
  // The check runs after every other listener of this message.
  socket.on('message', () => setImmediate(poke));
  await once(socket, 'open');
  return socket;
}

/** Whether the process has ended and its output is read completely. */
function isOver({ exitCode, signalCode, stderr }: ChildProcess): boolean {
  return (exitCode !== null || signalCode !== null) && stderr?.closed === true;
}

function spawnNetwork(args: readonly string[], spec: NetworkSpec): ChildProcess {
  return spawn(process.execPath, [...args, '--run', runId], {
    env: { RAFT_LAB_NETWORK: JSON.stringify(spec) },
    stdio: ['pipe', 'inherit', 'pipe'],
  });
}

async function startFakeServer(poke: () => void): Promise<FakeServer> {
  const frames: string[] = [];
  const open = new Map<string, WebSocket>();
  const closed: string[] = [];
  const server = await listenForHello((socket, from, life) => {
    const name = `${from}.${life}`;
    open.set(name, socket);
    socket.on('message', (data) => {
      frames.push(data.toString());
      poke();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      closed.push(name);
      open.delete(name);
      poke();
    });
    poke();
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    frames,
    open,
    closed,
    die() {
      server.close();
      for (const socket of open.values()) socket.terminate();
    },
  };
}

/** Returns the reported fates of each message, by id, in order. */
export function fates(events: readonly Recorded[]): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const event of events) {
    if (event.event === 'LinkPolicyChanged' || event.event === 'LinkReset' || event.event === 'TicksLate') continue;
    const list = all[event.id] ?? [];
    all[event.id] = list;
    if (event.event === 'MessageSent') list.push('sent');
    else list.push(event.event === 'MessageDropped' ? event.reason : 'delivered');
  }
  return all;
}
