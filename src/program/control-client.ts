/**
 * A program's end of the control channel: one WebSocket to the lab, which bypasses the network process. Events and
 * telemetry go up, requests come down. The channel closes when the lab is gone or has released the program.
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

/**
 * Milliseconds in which a lab must answer a close. A lab that does not read, because it is stopped, must not keep alive a
 * program that must end. A lab that closes a run sends SIGKILL a little later.
 */
const CLOSE_WITHIN_MS = 1_000;

/** The answer to one request of the lab. */
export type ControlAnswer =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly reason: string };

/** Handler of a request. It calls `answer` exactly once, at once or later. */
export type OnRequest<Request> = (request: Request, answer: (answer: ControlAnswer) => void) => void;

/** The open channel. */
export interface ControlClient<Request> {
  /** Sends an encoded frame; does nothing when the channel is closed. */
  send(text: string): void;
  /** Encodes and sends a message. */
  tell(message: ControlUp): void;
  /** Bytes sent that have not left the process. */
  unsentBytes(): number;
  /** Sets the handler; requests that come earlier are answered `not-ready`. */
  onRequest(handle: OnRequest<Request>): void;
  /**
   * Closes the channel. Resolves when the lab has read everything and closed its end, the connection is lost, or the lab
   * has not answered for CLOSE_WITHIN_MS.
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
  /** Called once, when the channel is lost or could not be opened; not called after `close`. */
  readonly onClosed: () => void;
  /** Called when the machine has no free socket for the channel; the program cannot continue. */
  readonly onFailure: (error: unknown) => void;
}

/** Dials the lab and says hello; resolves when the channel is open. */
export async function openControl<Request>(options: ControlClientOptions<Request>): Promise<ControlClient<Request>> {
  const { program, from, spec, decode, onClosed, onFailure } = options;
  const { runId, secret, life, controlUrl } = spec;
  const socket = new WebSocket(`${controlUrl}${PATHS.control}`, {
    headers: helloHeaders({ runId, secret, from, to: 'lab', life }),
    perMessageDeflate: false,
    // Masking guards proxies on the open internet. On loopback a mask of zeros saves one copy of every frame.
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
      const timer = setTimeout(() => socket.terminate(), CLOSE_WITHIN_MS);
      return closed.finally(() => clearTimeout(timer));
    },
  };
}
