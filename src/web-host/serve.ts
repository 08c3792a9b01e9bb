/**
 * The browser door's server on 127.0.0.1. HTTP serves the page, exports and uploads; each page has one WebSocket for everything
 * else. Every request and upgrade passes the gate first. `index.ts` starts the server with a lab, tests with a stand-in.
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

/** The WebSocket subprotocol that a page must request. */
export const SUBPROTOCOL = 'raft-lab.v1';
/** Maximum number of connected pages. */
export const MAX_CLIENTS = 8;
/** Longest time for a request to arrive, in milliseconds, unless it uploads a recording. */
const REQUEST_MS = 30_000;
/** Largest frame a page may send, in bytes. */
export const MAX_FRAME_BYTES = 1024 * 1024;
const PING_MS = 15_000;
const GOODBYE_MS = 500;

/** The running door. */
export interface WebHost {
  readonly port: number;
  /** The address to print, with the launch token. It is valid as long as this process lives. */
  readonly address: string;
  /** Makes an address for the argv of the program that opens the browser. It is valid for one visit within a minute. */
  oneTimeAddress(): string;
  /** Disconnects every page and stops listening. The caller closes the lab. */
  close(): Promise<void>;
}

interface Door {
  readonly lab: Lab;
  readonly rendererFolder: string;
  readonly secrets: Secrets;
  port: number;
  /** Returns the number of connected pages. */
  pages: () => number;
}

/**
 * Starts listening.
 *
 * @param options.port  0 lets the system choose
 * @throws the system's error when the port is not available (EADDRINUSE, EACCES)
 */
export async function serve(options: {
  readonly lab: Lab;
  readonly rendererFolder: string;
  readonly port: number;
}): Promise<WebHost> {
  const secrets = createSecrets(monotonicMs);
  const { lab, rendererFolder, port } = options;
  const door: Door = { lab, rendererFolder, secrets, port, pages: () => 0 };
  // Node would answer a missing Host itself; the gate refuses it with the same 421 as a wrong one.
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    answerRequest(door, request, response).catch((problem: unknown) => {
      console.error(`Raft Lab could not answer ${request.method} ${pathOf(request)}: ${String(problem)}`);
      response.destroy();
    });
  });
  server.headersTimeout = 10_000;
  // Node's limit would end long uploads. `limitRequest` limits all other requests.
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

/** The query of an upload: the name of the file, and whether the person agreed that it closes a used live run. */
function askedIn({ searchParams }: URL): Parameters<typeof answerOpen>[1] {
  return { name: searchParams.get('name') ?? '', endLive: searchParams.get('endLive') === '1' };
}

/** Discards the body of a request that needs none, and ends a request that takes too long. */
function limitRequest(request: IncomingMessage): void {
  request.resume();
  const limit = setTimeout(() => request.destroy(), REQUEST_MS);
  request.once('close', () => clearTimeout(limit));
}

/** Answers why an upgrade would be refused, since a browser hides the status of an upgrade from the page. */
function sayDoor(door: Door, response: ServerResponse): void {
  if (door.pages() >= MAX_CLIENTS) sayStatus(response, 503, `${MAX_CLIENTS} pages are open already: close one.`);
  else sayStatus(response, 426, 'This is a WebSocket.');
}

/** Answers a first visit: sets the cookie and redirects to an address without the token. */
function welcome(door: Door, response: ServerResponse): void {
  response.writeHead(303, {
    ...securityHeaders(null),
    Location: '/',
    'Set-Cookie': `${cookieName(door.port)}=${door.secrets.cookie}; HttpOnly; SameSite=Strict; Path=/`,
    'Cache-Control': 'no-store',
  });
  response.end();
}

/** The texts for a refused visitor, in both languages, since only the page knows the language and it is not loaded. */
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
    // Without this listener, a connection reset by the page would end this process.
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
      // A page that hangs never answers the close frame, and must not delay the end.
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
  // After a broken frame or a reset, `close` follows and cleans up.
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    beats.delete(beat);
    client.stop();
  });
}

function urlOf(request: IncomingMessage): URL | null {
  const path = request.url ?? '';
  // Only paths are accepted, since an absolute or authority form would name its own host.
  if (!path.startsWith('/') || path.startsWith('//')) return null;
  return URL.canParse(path, 'http://door') ? new URL(path, 'http://door') : null;
}

function pathOf(request: IncomingMessage): string {
  return urlOf(request)?.pathname ?? '';
}

function monotonicMs(): number {
  return performance.now();
}
