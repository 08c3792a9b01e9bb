/**
 * The network's own port on loopback. Every upgrade is checked before it is accepted; nothing else is served, so a
 * page in a browser finds only refusals here.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  checkHello,
  isClientId,
  loopbackHosts,
  MAX_FRAME_BYTES,
  type NetworkSpec,
  PATHS,
  refusalOf,
} from '../core/wire/index.ts';
import { type SendFrame, senderFor } from '../program/gather-writes.ts';
import type { Direction } from './frames.ts';

/** The open port. */
export interface Listener {
  readonly port: number;
  close(): void;
}

/**
 * @param onConnection  a checked connection, the direction it stands for, and how frames are sent on it
 * @throws when the port cannot be opened
 */
export async function listen(
  spec: NetworkSpec,
  onConnection: (direction: Direction, socket: WebSocket, send: SendFrame) => void,
): Promise<Listener> {
  const upgrades = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });
  const server = createServer({ maxHeaderSize: 8192 }, (_request, response) => {
    response.writeHead(426, { connection: 'close' }).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(spec.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const hosts = loopbackHosts(port);

  server.on('upgrade', (request, socket, head) => {
    const checked = check(spec, hosts, request);
    if (typeof checked === 'number') refuse(socket, checked);
    else {
      upgrades.handleUpgrade(request, socket, head, (accepted) =>
        onConnection(checked, accepted, senderFor(accepted, socket)),
      );
    }
  });
  return {
    port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** @returns the direction a good upgrade stands for, or the status a bad one is refused with */
function check(spec: NetworkSpec, hosts: readonly string[], request: IncomingMessage): Direction | number {
  const hello = checkHello(request.headers, { secret: spec.secret, runId: spec.runId, hosts });
  if (!hello.ok) return hello.status;
  const { from, to, life } = hello;
  if (request.url !== PATHS.links && request.url !== PATHS.clients) return 404;
  const isWelcome = request.url === PATHS.clients ? isClientId(from) : spec.servers.includes(from);
  return isWelcome && spec.servers.includes(to) ? { from, to, life } : 400;
}

function refuse(socket: Duplex, status: number): void {
  // The caller may be gone already; there is nothing to tell it then.
  socket.on('error', () => socket.destroy());
  socket.end(refusalOf(status));
}
