/**
 * Serves the clients of this server: their requests become proposals, and each outcome is sent back as a reply. A reply
 * contains only what is known, so lost leadership is answered `unknown`, never as a failure (rule R5).
 */
import type { WebSocket } from 'ws';
import type { EntryContent, Term } from '../core/vocabulary/index.ts';
import {
  type ClientReplyBody,
  type ClientRequestBody,
  checkLink,
  decodeClientRequest,
  encodeClientReply,
  type FrameHeader,
  type Hello,
  isProblem,
  type Problem,
  readHeader,
} from '../core/wire/index.ts';
import type { SendFrame } from '../program/gather-writes.ts';
import type { Caller, CallOutcome } from './calls.ts';
import { MAX_UNSENT_BYTES } from './links.ts';
import type { Stamps } from './stamps.ts';

/**
 * Maximum length of a request in characters. It holds the store's largest value several times, and always fits into a
 * frame to the followers.
 */
export const MAX_REQUEST_LENGTH = 1024 * 1024;

/** Maximum number of waiting requests; further ones are answered `busy`. */
export const MAX_WAITING = 1_000;

/** The endpoint that serves clients. */
export interface ClientEndpoint {
  /** Serves an accepted connection. @param send  sends a frame on this connection */
  accept(hello: Hello, socket: WebSocket, send: SendFrame): void;
}

/** An accepted connection. */
interface Connection {
  readonly hello: Hello;
  readonly socket: WebSocket;
  readonly send: SendFrame;
}

/** The parts of the server that the endpoint uses. */
export interface ClientEndpointOptions {
  readonly stamps: Stamps;
  readonly waiting: () => number;
  readonly currentTerm: () => Term;
  readonly propose: (content: EntryContent, caller: Caller) => void;
}

/** Serves every accepted client connection until it closes. */
export function createClientEndpoint({ stamps, waiting, currentTerm, propose }: ClientEndpointOptions): ClientEndpoint {
  function answer({ socket, send }: Connection, request: FrameHeader, body: ClientReplyBody): void {
    // A client that disconnected or does not read gets no reply, as if the network had lost it.
    if (socket.readyState !== socket.OPEN || socket.bufferedAmount > MAX_UNSENT_BYTES) return;
    send(encodeClientReply(body, { ...stamps.next(), term: currentTerm(), request }));
  }

  function receive(text: string, connection: Connection): void {
    const read = readHeader(text);
    // Without a trustworthy header there is no request to reply to.
    if (isProblem(read) || checkLink(read.header, connection.hello) !== null || read.header.kind !== 'request') return;
    const { header, bodyAt } = read;
    const request = readRequest(header, text.slice(bodyAt));
    if (isProblem(request)) {
      answer(connection, header, { ok: false, reason: 'bad-request', leaderId: null, message: request.problem });
      return;
    }
    if (waiting() >= MAX_WAITING) {
      answer(connection, header, { ok: false, reason: 'busy', leaderId: null });
      return;
    }
    propose(contentOf(request), {
      accepted: () => false,
      done: (outcome) => answer(connection, header, replyTo(outcome)),
    });
  }

  return {
    accept(hello, socket, send) {
      const connection = { hello, socket, send };
      socket.on('message', (data, isBinary) => {
        if (!isBinary) receive(data.toString(), connection);
      });
    },
  };
}

function readRequest(header: FrameHeader, body: string): ClientRequestBody | Problem {
  if (body.length <= MAX_REQUEST_LENGTH) return decodeClientRequest(header, body);
  return { problem: `a request of ${body.length} characters, ${MAX_REQUEST_LENGTH} are the limit` };
}

function contentOf(request: ClientRequestBody): EntryContent {
  if (request.type === 'open-session') return { type: 'session' };
  const { session, sequence, command } = request;
  return { type: 'command', session, sequence, command: { ...command } };
}

/** The outcome of a call as a reply of the client protocol. */
export function replyTo(outcome: CallOutcome): ClientReplyBody {
  if (outcome.type === 'unknown') return { ok: false, reason: 'unknown', leaderId: outcome.leaderId };
  if (outcome.type === 'rejected') return { ok: false, reason: outcome.reason, leaderId: outcome.leaderId };
  const { index, term, answer } = outcome;
  switch (answer.type) {
    case 'result':
      return { ok: true, index, term, result: answer.result };
    case 'session':
      return { ok: true, index, term, result: { session: answer.session } };
    case 'refused':
      return { ok: false, reason: answer.reason, leaderId: null };
    case 'none':
      throw new Error(`entry ${index} was proposed by a client and answers nobody`);
  }
}
