/**
 * A program's own port on loopback, which serves only WebSocket upgrades. Every upgrade is checked before it is
 * accepted, so a page in a browser is always refused. Used by servers, the network and the lab's control listener.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  checkHello,
  type HeaderRecord,
  type Hello,
  loopbackHosts,
  MAX_FRAME_BYTES,
  refusalOf,
} from '../core/wire/index.ts';
import { type SendFrame, senderFor } from './gather-writes.ts';
import { isRefusal } from './refusals.ts';

/** Maximum length of a request's head, bytes; our own are far shorter. */
const MAX_HEADER_BYTES = 8192;

/** An accepted connection. */
export interface Accepted {
  readonly hello: Hello;
  /** Path of the upgrade, one of PATHS. */
  readonly path: string;
  readonly socket: WebSocket;
  /** Sends a frame; all frames of one turn of the event loop leave in one write. */
  readonly send: SendFrame;
}

/** The rule of who may connect, and the handler of a connection. */
export interface ListenerOptions {
  /** The run whose id and secret a caller must know. */
  readonly run: { readonly runId: string; readonly secret: string };
  /** Absent: the system chooses. */
  readonly port?: number;
  /** Decides about a caller that knows the secret. @returns the HTTP status of a refusal, or null to accept */
  readonly refuses: (hello: Hello, path: string) => number | null;
  readonly onAccepted: (connection: Accepted) => void;
  /** Called when the process cannot open another file for an accepted connection. */
  readonly onFailure: (error: unknown) => void;
}

/** The open port. */
export interface Listener {
  readonly port: number;
  /**
   * Accepts no more connections and ends unfinished requests. Resolves when the accepted connections are closed as
   * well.
   */
  close(): Promise<void>;
}

/** Opens the port. @throws the system's error when it cannot be opened */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { run, refuses, onAccepted, onFailure } = options;
  const upgrades = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });
  const http = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (_request, response) => {
    response.writeHead(426, { connection: 'close' }).end();
  });
  await listen(http, options.port ?? 0);
  http.on('error', (error) => {
    // Other errors concern a single caller, which has already disconnected.
    if (isRefusal(error)) onFailure(error);
  });
  const { port } = http.address() as AddressInfo;
  const expected = { ...run, hosts: loopbackHosts(port) };
  const check = (headers: HeaderRecord, path: string): Hello | number => {
    const hello = checkHello(headers, expected);
    if (!hello.ok) return hello.status;
    const { from, to, life } = hello;
    return refuses(hello, path) ?? { from, to, life };
  };
  http.on('upgrade', (request, socket, head) => {
    const path = request.url ?? '';
    const hello = check(request.headers, path);
    if (typeof hello === 'number') {
      refuse(socket, hello);
      return;
    }
    upgrades.handleUpgrade(request, socket, head, (accepted) => {
      // A frame that breaks the protocol also closes its connection; callers handle the `close` event.
      accepted.on('error', () => undefined);
      onAccepted({ hello, path, socket: accepted, send: senderFor(accepted, socket) });
    });
  });
  return {
    port,
    close: async () => {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      // Otherwise a caller that never finishes its request would keep the port open.
      http.closeAllConnections();
      await closed;
    },
  };
}

async function listen(http: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', () => {
      http.off('error', reject);
      resolve();
    });
  });
}

function refuse(socket: Duplex, status: number): void {
  // The caller may have disconnected already; then the refusal cannot be sent.
  socket.on('error', () => socket.destroy());
  socket.end(refusalOf(status));
}
