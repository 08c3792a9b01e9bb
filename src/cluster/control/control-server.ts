/**
 * Where our own programs report to the lab: a WebSocket listener on the loopback address, on a port the system
 * chose. Only a program the lab has just started is let in, once, with the run's secret and its own life; a browser
 * never is. Flow: program → checkHello → the expectation its starter left here → channel.ts.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { checkHello, loopbackHosts, MAX_FRAME_BYTES, PATHS } from '../../core/wire/index.ts';
import { type ControlChannel, type OnReport, openChannel } from './channel.ts';

/** A program that is expected to connect, and the callbacks for its reports and its channel. */
export interface Expectation {
  /** `S1` or `network`. */
  readonly program: string;
  readonly life: number;
  readonly onReport: OnReport;
  readonly onChannel: (channel: ControlChannel) => void;
}

/** The listener of one run. */
export interface ControlServer {
  /** `ws://127.0.0.1:PORT`; programs add the path. */
  readonly url: string;
  readonly port: number;
  /** Lets this program of this life in, once. Returns how to withdraw. */
  expect(expectation: Expectation): () => void;
  /** Closes the listener and whatever is still connected. */
  close(): Promise<void>;
}

/** The run's id and secret, and whom to tell about messages that could not be understood. */
export interface ControlServerOptions {
  readonly runId: string;
  readonly secret: string;
  readonly onProblem: (message: string) => void;
}

/** Starts listening on 127.0.0.1, port chosen by the system. */
export async function openControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const expected = new Map<string, Expectation>();
  const http = createServer((_request, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false });
  const port = await listen(http);
  const hosts = loopbackHosts(port);

  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Before the handshake is done nobody else listens for a caller that hangs up.
    socket.on('error', () => undefined);
    if (request.url !== PATHS.control) return refuse(socket, 404, 'no such path');
    const hello = checkHello(request.headers, { secret: options.secret, runId: options.runId, hosts });
    if (!hello.ok) return refuse(socket, hello.status, hello.reason);
    const key = keyOf(hello.from, hello.life);
    const expectation = expected.get(key);
    if (expectation === undefined || hello.to !== 'lab') return refuse(socket, 403, 'not expected');
    expected.delete(key);
    sockets.handleUpgrade(request, socket, head, (accepted) => {
      const onProblem = (message: string): void =>
        options.onProblem(`${hello.from} said what is not known: ${message}`);
      expectation.onChannel(openChannel(accepted, expectation.onReport, onProblem));
    });
  });

  return {
    url: `ws://127.0.0.1:${port}`,
    port,
    expect: (expectation) => {
      const key = keyOf(expectation.program, expectation.life);
      expected.set(key, expectation);
      return () => {
        if (expected.get(key) === expectation) expected.delete(key);
      };
    },
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      const closed = new Promise((resolve) => http.close(resolve));
      // A caller that never finished its request would hold the listener open.
      http.closeAllConnections();
      await closed;
    },
  };
}

function keyOf(program: string, life: number): string {
  return `${program}#${life}`;
}

async function listen(http: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen({ host: '127.0.0.1', port: 0, exclusive: true }, () => {
      http.off('error', reject);
      resolve();
    });
  });
  return (http.address() as AddressInfo).port;
}

/** Answers an upgrade with a status and hangs up. The reason is ours and names nothing secret. */
function refuse(socket: Duplex, status: number, reason: string): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-type: text/plain\r\n\r\n${reason}\n`);
}
