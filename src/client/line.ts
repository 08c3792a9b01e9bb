/**
 * A client's connection to one server, through the network process. It opens with the first request and again after it
 * broke. Replies are paired with requests by `replyTo`; unpaired replies are ignored.
 */
import { WebSocket } from 'ws';
import {
  type ClientReplyBody,
  decodeClientReply,
  type Endpoint,
  helloHeaders,
  isProblem,
  MAX_FRAME_BYTES,
  PATHS,
  readHeader,
  type ServerId,
} from '../core/wire/index.ts';
import { type SendFrame, senderForDialled } from '../program/gather-writes.ts';

/** Callbacks for the reply to one message. */
export interface Waiting {
  onReply(body: ClientReplyBody): void;
  /** The connection broke before a reply came, so the outcome of the request is unknown. */
  onBroken(): void;
}

/** A client's connection to one server; dialled when it is needed. */
export interface Line {
  /** Sends a request frame with this id; connects first if necessary. */
  request(id: string, frame: string, waiting: Waiting): void;
  /** Ignores a later reply to this request. */
  forget(id: string): void;
  close(): void;
}

/** Both ends of a line, and the network's address. */
export interface LineOptions {
  readonly client: Endpoint;
  readonly life: number;
  readonly server: ServerId;
  readonly runId: string;
  readonly secret: string;
  /** `ws://127.0.0.1:PORT` of the network process. */
  readonly networkUrl: string;
}

/** Creates a line that connects with its first request. */
export function createLine(options: LineOptions): Line {
  const { client, life, server, runId, secret, networkUrl } = options;
  const waiting = new Map<string, Waiting>();
  /** Frames that wait for the connection, by id. */
  const unsent = new Map<string, string>();
  let socket: WebSocket | null = null;
  let send: SendFrame = () => undefined;

  function open(): WebSocket {
    const opened = new WebSocket(`${networkUrl}${PATHS.clients}`, {
      headers: helloHeaders({ runId, secret, from: client, to: server, life }),
      perMessageDeflate: false,
      maxPayload: MAX_FRAME_BYTES,
      // Masking guards proxies on the open internet; on loopback a mask of zeros suffices.
      generateMask: (mask) => mask.fill(0),
    });
    send = senderForDialled(opened);
    opened.on('open', () => {
      for (const frame of unsent.values()) send(frame);
      unsent.clear();
    });
    opened.on('message', (data, isBinary) => {
      if (!isBinary) receive(data.toString());
    });
    // Refused and broken connections are normal here, and the `close` handler covers them.
    opened.on('error', () => undefined);
    opened.on('close', () => {
      socket = null;
      unsent.clear();
      const broken = [...waiting.values()];
      waiting.clear();
      for (const request of broken) request.onBroken();
    });
    return opened;
  }

  function receive(text: string): void {
    const read = readHeader(text);
    if (isProblem(read)) return;
    const { header, bodyAt } = read;
    const request = waiting.get(header.replyTo ?? '');
    if (request === undefined || header.from !== server || header.to !== client) return;
    const body = decodeClientReply(header, text.slice(bodyAt));
    // An unreadable reply is ignored: the request times out as if the reply had been lost.
    if (isProblem(body)) return;
    waiting.delete(header.replyTo ?? '');
    request.onReply(body);
  }

  return {
    request(id, frame, request) {
      waiting.set(id, request);
      socket ??= open();
      if (socket.readyState === WebSocket.CONNECTING) unsent.set(id, frame);
      else send(frame);
    },
    forget(id) {
      waiting.delete(id);
      unsent.delete(id);
    },
    close() {
      waiting.clear();
      unsent.clear();
      socket?.terminate();
    },
  };
}
