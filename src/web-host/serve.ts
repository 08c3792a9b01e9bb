/**
 * The browser door's server: HTTP for the page, the export and what is opened, one WebSocket per page for everything else, on
 * 127.0.0.1 only. Every request and upgrade passes the gate first. `index.ts` starts it beside a lab; tests start
 * it beside a stand-in.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Lab } from '../lab/index.ts';
import { answerExport } from './export-route.ts';
import { judge, judgeOrigin, ownHosts, type Refusal, type Visit } from './gate.ts';
import { answerOpen } from './open-route.ts';
import { cookieName, createSecrets, type Secrets } from './secrets.ts';
import { answerStatic, securityHeaders } from './static-files.ts';
import { openUiClient } from './ui-socket.ts';

/** The WebSocket subprotocol a page must ask for. */
export const SUBPROTOCOL = 'raft-lab.v1';
/** Pages that may be connected at the same time. */
export const MAX_CLIENTS = 8;
/** Longest time for a request to arrive, unless it uploads a recording. */
const REQUEST_MS = 30_000;
/** Largest frame a page may send, in bytes. */
export const MAX_FRAME_BYTES = 1024 * 1024;
const PING_MS = 15_000;
const GOODBYE_MS = 500;

/** The running door. */
export interface WebHost {
  readonly port: number;
  /** The address to print: with the launch token, good as long as this process lives. */
  readonly address: string;
  /** An address for the argv of a program that opens it: good once, within a minute. */
  oneTimeAddress(): string;
  /** Hangs up on every page and stops listening; the lab is the caller's to close. */
  close(): Promise<void>;
}

interface Door {
  readonly lab: Lab;
  readonly rendererFolder: string;
  readonly secrets: Secrets;
  port: number;
  /** How many are connected. */
  pages: () => number;
}

/**
 * Starts listening.
 *
 * @param options.port  0 lets the system choose
 * @throws the system's error when the port cannot be had (EADDRINUSE, EACCES)
 */
export async function serve(options: {
  readonly lab: Lab;
  readonly rendererFolder: string;
  readonly port: number;
}): Promise<WebHost> {
  const secrets = createSecrets(monotonicMs);
  const { lab, rendererFolder, port } = options;
  const door: Door = { lab, rendererFolder, secrets, port, pages: () => 0 };
  // A missing Host is ours to refuse, with the same 421 as a wrong one.
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    answerRequest(door, request, response).catch((problem: unknown) => {
      console.error(`Raft Lab could not answer ${request.method} ${pathOf(request)}: ${String(problem)}`);
      response.destroy();
    });
  });
  server.headersTimeout = 10_000;
  // Of the whole request, so an upload may not have it: `limitRequest` bounds the others.
  server.requestTimeout = 0;
  server.maxHeadersCount = 100;
  const sockets = acceptSockets(door, server);
  await listen(server, options.port);
  door.port = (server.address() as AddressInfo).port;
  const addressWith = (token: string): string => `http://${ownHosts(door.port)[0]}/?token=${token}`;
  return {
    port: door.port,
    address: addressWith(secrets.launchToken),
    oneTimeAddress: () => addressWith(secrets.issueTicket()),
    close() {
      sockets.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answerRequest(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const visit: Visit = { headers: request.headers, rawHeaders: request.rawHeaders, kind: isRead ? 'read' : 'act' };
  const url = urlOf(request);
  const isUpload = request.method === 'POST' && url?.pathname === '/open' && judge(visit, door) === null;
  if (url !== null && isUpload) {
    return await answerOpen(door.lab, askedIn(url), request, response);
  }
  limitRequest(request);
  const strange = judgeOrigin(visit, door);
  if (strange !== null) return refuse(response, strange, door.port);
  if (url === null) return sayStatus(response, 400, 'Not a path.');
  const token = url.searchParams.get('token');
  if (isRead && url.pathname === '/' && token !== null && door.secrets.admits(token)) return welcome(door, response);
  const refusal = judge(visit, door);
  if (refusal !== null) return refuse(response, refusal, door.port);
  if (url.pathname === '/export') {
    if (request.method === 'POST') return answerExport(door.lab, response, url.searchParams.get('format'));
    response.setHeader('Allow', 'POST');
    return sayStatus(response, 405, 'The export is asked for with POST.');
  }
  if (!isRead) return sayStatus(response, 405, 'Only the export and what is opened take POST.');
  if (url.pathname === '/lab') return sayDoor(door, response);
  const files = { folder: door.rendererFolder, connect: ownHosts(door.port).map((host) => `ws://${host}`) };
  const answer = await answerStatic(files, url.pathname);
  if (!answer.ok) return sayStatus(response, answer.status, 'Nothing here.');
  response.writeHead(answer.status, answer.headers);
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

/** Name of the file, and whether the person agreed that a live run in which something was done is closed for it. */
function askedIn({ searchParams }: URL): Parameters<typeof answerOpen>[1] {
  return { name: searchParams.get('name') ?? '', endLive: searchParams.get('endLive') === '1' };
}

/** Discards the body of a request that has none to read, and ends an endless one. */
function limitRequest(request: IncomingMessage): void {
  request.resume();
  const limit = setTimeout(() => request.destroy(), REQUEST_MS);
  request.once('close', () => clearTimeout(limit));
}

/** Answers why an upgrade would be refused, since no browser shows a page the status of the upgrade itself. */
function sayDoor(door: Door, response: ServerResponse): void {
  if (door.pages() >= MAX_CLIENTS) sayStatus(response, 503, `${MAX_CLIENTS} pages are open already: close one.`);
  else sayStatus(response, 426, 'This is a WebSocket.');
}

/** First visit: the cookie takes over and the token leaves the address bar. */
function welcome(door: Door, response: ServerResponse): void {
  response.writeHead(303, {
    ...securityHeaders(null),
    Location: '/',
    'Set-Cookie': `${cookieName(door.port)}=${door.secrets.cookie}; HttpOnly; SameSite=Strict; Path=/`,
    'Cache-Control': 'no-store',
  });
  response.end();
}

/** The text for a refused visitor, in both languages, since the page that knows the language cannot be loaded yet. */
const REFUSALS: Readonly<Record<Refusal['reason'], (port: number) => string>> = {
  'wrong-host': (port) =>
    `Raft Lab is http://127.0.0.1:${port} only. Through a tunnel, use the same port at both ends: ` +
    `ssh -L ${port}:127.0.0.1:${port} HOST\n` +
    `Raft Lab 的地址只是 http://127.0.0.1:${port}。使用隧道时两端端口须相同：ssh -L ${port}:127.0.0.1:${port} 主机`,
  'other-site': () =>
    'Copy the address that Raft Lab printed into the address bar.\n请把 Raft Lab 打印的地址复制到地址栏。',
  'other-origin': () => 'Another page may not talk to Raft Lab.\n其他网页不能访问 Raft Lab。',
  'no-origin': () =>
    'This needs an Origin, or the token as Authorization: Bearer.\n需要 Origin，或用 Authorization: Bearer 携带令牌。',
  'no-token': () => 'Open the address that Raft Lab printed when it started.\n请打开 Raft Lab 启动时打印的地址。',
};

function refuse(response: ServerResponse, refusal: Refusal, port: number): void {
  sayStatus(response, refusal.status, REFUSALS[refusal.reason](port));
}

function sayStatus(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, {
    ...securityHeaders(null),
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(`${sentence}\n`);
}

function acceptSockets(door: Door, server: Server): { close(): void } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  const beats = new Set<() => void>();
  door.pages = () => sockets.clients.size;
  const beating = setInterval(() => {
    for (const beat of beats) beat();
  }, PING_MS);
  beating.unref();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Without a listener a reset by the page would end this process.
    socket.on('error', () => socket.destroy());
    const problem = judgeUpgrade(door, request);
    if (problem !== null) return refuseUpgrade(socket, problem);
    sockets.handleUpgrade(request, socket, head, (opened) => attach(door, opened, beats));
  });
  return {
    close() {
      clearInterval(beating);
      for (const client of sockets.clients) client.close(1001, 'Raft Lab is closing');
      sockets.close();
      // A page that stands still never answers the goodbye; it must not hold up the end.
      setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, GOODBYE_MS);
    },
  };
}

function judgeUpgrade(door: Door, request: IncomingMessage): number | null {
  const refusal = judge({ headers: request.headers, rawHeaders: request.rawHeaders, kind: 'act' }, door);
  if (refusal !== null) return refusal.status;
  if (pathOf(request) !== '/lab') return 404;
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(SUBPROTOCOL)) return 400;
  return door.pages() >= MAX_CLIENTS ? 503 : null;
}

const STATUS_TEXT: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  421: 'Misdirected Request',
  503: 'Service Unavailable',
};

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_TEXT[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function attach(door: Door, socket: WebSocket, beats: Set<() => void>): void {
  const client = openUiClient({ socket, lab: door.lab, nowMs: monotonicMs });
  const beat = (): void => client.beat();
  beats.add(beat);
  socket.on('message', (data, isBinary) => client.received(String(data), isBinary));
  socket.on('pong', () => client.pong());
  // A broken frame or a reset: `close` follows and does the cleaning up.
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    beats.delete(beat);
    client.stop();
  });
}

function urlOf(request: IncomingMessage): URL | null {
  const path = request.url ?? '';
  // Only the plain form: an absolute or authority form would name a host of its own.
  if (!path.startsWith('/') || path.startsWith('//')) return null;
  return URL.canParse(path, 'http://door') ? new URL(path, 'http://door') : null;
}

function pathOf(request: IncomingMessage): string {
  return urlOf(request)?.pathname ?? '';
}

function monotonicMs(): number {
  return performance.now();
}
