/** The network's own port on loopback, which servers and clients dial. */
import type { WebSocket } from 'ws';
import { type Hello, isClientId, type NetworkSpec, PATHS } from '../core/wire/index.ts';
import type { SendFrame } from '../program/gather-writes.ts';
import { type Listener, openListener } from '../program/upgrade-listener.ts';
import type { Direction } from './frames.ts';

/**
 * Opens the port.
 *
 * @param onConnection  called with an accepted connection, its direction, and the function that sends frames on it
 * @param onFailure  called when the process cannot open another file for an accepted connection
 * @throws the system's error when the port cannot be opened
 */
export async function listen(
  spec: NetworkSpec,
  onConnection: (direction: Direction, socket: WebSocket, send: SendFrame) => void,
  onFailure: (error: unknown) => void,
): Promise<Listener> {
  return await openListener({
    run: spec,
    ...(spec.port === undefined ? {} : { port: spec.port }),
    refuses: (hello, path) => refusal(spec, hello, path),
    onAccepted: ({ hello, socket, send }) => onConnection(hello, socket, send),
    onFailure,
  });
}

/** Returns the HTTP status of a refusal, or null to accept. */
function refusal({ servers }: NetworkSpec, { from, to }: Hello, path: string): number | null {
  if (path !== PATHS.links && path !== PATHS.clients) return 404;
  const isWelcome = path === PATHS.clients ? isClientId(from) : servers.includes(from);
  return isWelcome && servers.includes(to) ? null : 400;
}
