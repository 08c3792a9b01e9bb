/** A network and its servers in one listener. A script of the test decides the reaction to each request. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Client, createClient } from '../../src/client/index.ts';
import type { ClientEvent } from '../../src/core/catalogue/index.ts';
import {
  type ClientReplyBody,
  type ClientRequestBody,
  checkHello,
  decodeClientRequest,
  type EventBody,
  encodeClientReply,
  type FrameHeader,
  isProblem,
  loopbackHosts,
  messageId,
  readHeader,
} from '../../src/core/wire/index.ts';

const secret = 'test-secret-0123456789';
const runId = 'test-run';

export interface Asked {
  readonly server: string;
  readonly body: ClientRequestBody;
  /** Number of the request among those to all servers, from 1. */
  readonly nth: number;
  readonly header: FrameHeader;
  /** Sends a (further) reply, now or later. */
  reply(body: ClientReplyBody): void;
}

/** A reply, no reply, a broken connection, or text that is no reply. */
export type Reaction = ClientReplyBody | 'silence' | 'break' | 'nonsense';

export type ClientEventBody = EventBody & ClientEvent;

export interface FakeCluster {
  readonly client: Client;
  readonly asked: Asked[];
  readonly events: ClientEventBody[];
  /** Returns each event as one line with the fields that matter, for comparison. */
  story(): string[];
  close(): Promise<void>;
}

export const result = { ok: true, value: '5', previous: null } as const;

export function done(index: number): ClientReplyBody {
  return { ok: true, index, term: 2, result };
}

export function sessionOpened(session: number): ClientReplyBody {
  return { ok: true, index: session, term: 2, result: { session } };
}

export function no(
  reason: Extract<ClientReplyBody, { ok: false }>['reason'],
  leaderId: string | null = null,
): ClientReplyBody {
  return { ok: false, reason, leaderId };
}

/**
 * Starts the listener and a client.
 *
 * @param script  reacts to each request in the order of arrival
 * @param times  time limits of an attempt and of a command, milliseconds
 */
export async function startFakeCluster(
  script: (asked: Asked) => Reaction,
  times: { readonly attempt: number; readonly deadline: number } = { attempt: 2000, deadline: 10_000 },
): Promise<FakeCluster> {
  const asked: Asked[] = [];
  const events: ClientEventBody[] = [];
  const server = createServer();
  const upgrades = new WebSocketServer({ noServer: true });
  let sent = 0;

  server.on('upgrade', (request, raw, head) => {
    const address = server.address();
    // A client that redials while the cluster closes must be rejected.
    if (address === null) return raw.destroy();
    const { port } = address as AddressInfo;
    const hello = checkHello(request.headers, { secret, runId, hosts: loopbackHosts(port) });
    if (!hello.ok || request.url !== '/clients') throw new Error('the hello of the client is wrong');
    return upgrades.handleUpgrade(request, raw, head, (socket) => {
      socket.on('message', (data) => receive(socket, hello.to, data.toString()));
    });
  });

  function receive(socket: WebSocket, to: string, text: string): void {
    const read = readHeader(text);
    if (isProblem(read)) throw new Error(read.problem);
    const body = decodeClientRequest(read.header, text.slice(read.bodyAt));
    if (isProblem(body)) throw new Error(body.problem);
    const { header } = read;
    const reply = (answer: ClientReplyBody): void => {
      sent += 1;
      socket.send(
        encodeClientReply(answer, { id: messageId(to, 1, sent), life: 1, sentUs: 0, term: 2, request: header }),
      );
    };
    const request: Asked = { server: to, body, nth: asked.length + 1, header, reply };
    asked.push(request);
    const reaction = script(request);
    if (reaction === 'break') socket.terminate();
    else if (reaction === 'nonsense') socket.send('{"v":1}\n{}');
    else if (reaction !== 'silence') reply(reaction);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = createClient({
    ...{ id: 'C1', runId, secret, networkUrl: `ws://127.0.0.1:${port}`, servers: ['S1', 'S2', 'S3'], life: 1 },
    originNs: process.hrtime.bigint().toString(),
    attemptTimeoutMs: () => times.attempt,
    deadlineMs: () => times.deadline,
    onEvent: (body) => events.push(body as ClientEventBody),
  });
  return {
    client,
    asked,
    events,
    story: () => events.map(tell),
    async close() {
      await client.close();
      for (const socket of upgrades.clients) socket.terminate();
      server.close();
    },
  };
}

function tell(event: ClientEventBody): string {
  switch (event.event) {
    case 'SessionOpened':
      return `session ${event.session}`;
    case 'CommandInvoked':
      return `invoked ${event.operation} ${event.session}/${event.sequence}`;
    case 'CommandSent':
      return `sent ${event.to} #${event.attempt}`;
    case 'CommandRedirected':
      return `redirected ${event.from} to ${event.to}`;
    case 'CommandDone':
      return `done ${event.operation} at ${event.index} by ${event.server}`;
    default:
      return `${event.event === 'CommandUnknown' ? 'unknown' : 'refused'} ${event.operation} ${event.reason}`;
  }
}
