/**
 * A program's end of the control channel: one WebSocket to the lab, never through the network process. Events and
 * telemetry go up, requests come down. When it closes, the lab is gone or has released the program.
 */
import { WebSocket } from 'ws';
import {
  type ControlDown,
  type ControlUp,
  encodeControl,
  helloHeaders,
  isProblem,
  type Json,
  PATHS,
  type Problem,
  WIRE_VERSION,
} from '../core/wire/index.ts';
import { isRefusal } from './refusals.ts';

/** The answer to one request of the lab. */
export type ControlAnswer =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly reason: string };

/** Answers a request, now or later; exactly once. */
export type OnRequest<Request> = (request: Request, answer: (answer: ControlAnswer) => void) => void;

/** The open channel. */
export interface ControlClient<Request> {
  /** Sends an encoded frame; does nothing when the channel is closed. */
  send(text: string): void;
  /** Encodes and sends a message. */
  tell(message: ControlUp): void;
  /** Bytes sent that have not left the process. */
  unsentBytes(): number;
  /** Requests are answered `not-ready` before this is called. */
  onRequest(handle: OnRequest<Request>): void;
  /**
   * Closes the channel; resolves when the lab has read everything and closed its end, or the connection is lost. `ws`
   * itself gives up after 30 s.
   */
  close(): Promise<void>;
}

/** The caller, its lab, and the callbacks. */
export interface ControlClientOptions<Request> {
  readonly program: 'server' | 'network';
  /** `S1`, or `network`. */
  readonly from: string;
  readonly spec: {
    readonly runId: string;
    readonly secret: string;
    readonly life: number;
    /** `ws://127.0.0.1:PORT` of the lab's control listener. */
    readonly controlUrl: string;
  };
  readonly decode: (text: string) => ControlDown<Request> | Problem;
  /** Called once, when the channel is lost or could not be opened; not after `close`. */
  readonly onClosed: () => void;
  /** Called when the machine has no socket to open the channel with: the program must not go on. */
  readonly onFailure: (error: unknown) => void;
}

/** Dials the lab and says hello; resolves when the channel is open. */
export async function openControl<Request>(options: ControlClientOptions<Request>): Promise<ControlClient<Request>> {
  const { program, from, spec, decode, onClosed, onFailure } = options;
  const { runId, secret, life, controlUrl } = spec;
  const socket = new WebSocket(`${controlUrl}${PATHS.control}`, {
    headers: helloHeaders({ runId, secret, from, to: 'lab', life }),
    perMessageDeflate: false,
    // Masking guards proxies on the open internet; a mask of zeros spares a copy of every frame on loopback.
    generateMask: (mask) => mask.fill(0),
  });
  socket.on('error', (error) => {
    console.error(`control channel: ${error.message}`);
    if (isRefusal(error)) onFailure(error);
  });
  let isClosing = false;
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve();
      if (!isClosing) onClosed();
    });
  });
  await new Promise<void>((resolve) => socket.once('open', () => resolve()));

  const send = (text: string): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(text);
  };
  const tell = (message: ControlUp): void => send(encodeControl(message));
  let handle: OnRequest<Request> = (_request, answer) => answer({ ok: false, reason: 'not-ready' });
  socket.on('message', (data) => {
    const down = decode(data.toString());
    if (isProblem(down)) console.error(`control channel: ${down.problem}`);
    else handle(down.request, (answer) => tell({ type: 'answer', id: down.id, ...answer }));
  });
  tell({ type: 'hello', program, pid: process.pid, life, version: WIRE_VERSION });

  return {
    send,
    tell,
    unsentBytes: () => socket.bufferedAmount,
    onRequest(next) {
      handle = next;
    },
    close() {
      isClosing = true;
      socket.close(1000);
      return closed;
    },
  };
}
