/** The server's own port on loopback, for links and clients that come through the network process. */
import type { WebSocket } from 'ws';
import { type Hello, isClientId, PATHS, type ServerSpec } from '../core/wire/index.ts';
import type { SendFrame } from '../program/gather-writes.ts';
import { type Listener, openListener } from '../program/upgrade-listener.ts';

/** Callbacks for accepted connections. */
export interface Callers {
  /** Called for a connection from another server. */
  onLink(hello: Hello, socket: WebSocket): void;
  /**
   * Called for a connection from a client.
   *
   * @param send  sends a frame; all frames of one turn leave in one write
   */
  onClient(hello: Hello, socket: WebSocket, send: SendFrame): void;
  /** Called when the process cannot open another file for an accepted connection. */
  onFailure(error: unknown): void;
}

/** Opens the port. @throws the system's error when no port can be opened */
export async function listen(spec: ServerSpec, { onLink, onClient, onFailure }: Callers): Promise<Listener> {
  return await openListener({
    run: spec,
    refuses: (hello, path) => refusal(spec, hello, path),
    onAccepted: ({ hello, path, socket, send }) => {
      if (path === PATHS.clients) onClient(hello, socket, send);
      else onLink(hello, socket);
    },
    onFailure,
  });
}

/** Returns the HTTP status of a refusal, or null to accept. */
function refusal({ server, servers }: ServerSpec, { from, to }: Hello, path: string): number | null {
  if (path !== PATHS.links && path !== PATHS.clients) return 404;
  const isWelcome = path === PATHS.clients ? isClientId(from) : servers.includes(from) && from !== server;
  return isWelcome && to === server ? null : 400;
}
