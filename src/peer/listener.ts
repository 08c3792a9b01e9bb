/**
 * The server's own port on loopback, for links and clients that come through the network process. Every upgrade is
 * checked before it is accepted, and nothing else is served: a browser finds only refusals here.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  checkHello,
  type Hello,
  isClientId,
  MAX_FRAME_BYTES,
  PATHS,
  refusalOf,
  type ServerSpec,
} from '../core/wire/index.ts';
import { type SendFrame, senderFor } from '../program/gather-writes.ts';
import { isRefusal } from './storage/index.ts';

/** The open port. */
export interface Listener {
  readonly port: number;
  close(): void;
}

/** Callbacks for accepted connections. */
export interface Callers {
  /** Another server's link to this one. */
  onLink(hello: Hello, socket: WebSocket): void;
  /** A client. @param send  answers it; all of one turn leave as one write */
  onClient(hello: Hello, socket: WebSocket, send: SendFrame): void;
  /** The machine has no file left to accept a connection with. */
  onFailure(error: unknown): void;
}

/** @throws when no port can be opened */
export async function listen(spec: ServerSpec, callers: Callers): Promise<Listener> {
  const upgrades = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });
  const http = createServer({ maxHeaderSize: 8192 }, (_request, response) => {
    response.writeHead(426, { connection: 'close' }).end();
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(0, '127.0.0.1', () => {
      http.off('error', reject);
      resolve();
    });
  });
  http.on('error', (error) => {
    // Other errors concern one caller, who is gone.
    if (isRefusal(error)) callers.onFailure(error);
  });
  const { port } = http.address() as AddressInfo;
  http.on('upgrade', (request, socket, head) => {
    const hello = check(spec, port, request);
    if (typeof hello === 'number') {
      refuse(socket, hello);
      return;
    }
    const isClient = request.url === PATHS.clients;
    upgrades.handleUpgrade(request, socket, head, (accepted) => {
      // A frame that breaks the protocol closes its connection; `close` follows and is all there is to do.
      accepted.on('error', () => undefined);
      if (isClient) callers.onClient(hello, accepted, senderFor(accepted, socket));
      else callers.onLink(hello, accepted);
    });
  });
  return {
    port,
    close() {
      http.close();
      http.closeAllConnections();
    },
  };
}

/** @returns who calls, or the status a bad upgrade is refused with */
function check(spec: ServerSpec, port: number, request: IncomingMessage): Hello | number {
  const { secret, runId, server, servers } = spec;
  const hello = checkHello(request.headers, { secret, runId, hosts: [`127.0.0.1:${port}`] });
  if (!hello.ok) return hello.status;
  const { from, to, life } = hello;
  if (request.url !== PATHS.links && request.url !== PATHS.clients) return 404;
  const isWelcome = request.url === PATHS.clients ? isClientId(from) : servers.includes(from) && from !== server;
  return isWelcome && to === server ? { from, to, life } : 400;
}

function refuse(socket: Duplex, status: number): void {
  // The caller may be gone already; there is nothing to tell it then.
  socket.on('error', () => socket.destroy());
  socket.end(refusalOf(status));
}
