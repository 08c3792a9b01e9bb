/**
 * The server's end of the control channel: one connection to the lab, never through the network. Events and telemetry
 * go up, requests come down. When it closes, the lab is gone or has released the server, and the program ends.
 */
import { WebSocket } from 'ws';
import {
  type ControlDown,
  type ControlUp,
  decodeServerRequest,
  encodeControl,
  helloHeaders,
  isProblem,
  type Json,
  PATHS,
  type ServerRequest,
  type ServerSpec,
  WIRE_VERSION,
} from '../core/wire/index.ts';
import { isRefusal } from './storage/index.ts';

/** The answer to one request of the lab. */
export type ControlAnswer =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly reason: string };

/** Answers a request, now or later; exactly once. */
export type OnRequest = (request: ServerRequest, answer: (answer: ControlAnswer) => void) => void;

/** The open channel. */
export interface Control {
  send(text: string): void;
  tell(message: ControlUp): void;
  unsentBytes(): number;
  onRequest(handle: OnRequest): void;
  /** Everything sent has left when it resolves, or the lab does not read any more. */
  close(): Promise<void>;
}

const CLOSE_WITHIN_MS = 250;

/**
 * Dials the lab and says hello.
 *
 * @param onClosed  called once, when the channel is lost or could not be opened
 * @param onFailure  the machine has no socket to open it with: the server must not go on
 */
export async function openControl(
  spec: ServerSpec,
  onClosed: () => void,
  onFailure: (error: unknown) => void,
): Promise<Control> {
  const { runId, secret, server, life, controlUrl } = spec;
  const socket = new WebSocket(`${controlUrl}${PATHS.control}`, {
    headers: helloHeaders({ runId, secret, from: server, to: 'lab', life }),
    perMessageDeflate: false,
    generateMask: (mask) => mask.fill(0),
  });
  socket.on('error', (error) => {
    console.error(`control channel: ${error.message}`);
    if (isRefusal(error)) onFailure(error);
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  let isClosing = false;
  socket.once('close', () => {
    if (!isClosing) onClosed();
  });
  await new Promise<void>((resolve) => socket.once('open', () => resolve()));

  const send = (text: string): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(text);
  };
  const tell = (message: ControlUp): void => send(encodeControl(message));
  let handle: OnRequest = (_request, answer) => answer({ ok: false, reason: 'not-ready' });
  socket.on('message', (data) => {
    const down: ControlDown<ServerRequest> | { readonly problem: string } = decodeServerRequest(data.toString());
    if (isProblem(down)) console.error(`control channel: ${down.problem}`);
    else handle(down.request, (answer) => tell({ type: 'answer', id: down.id, ...answer }));
  });
  tell({ type: 'hello', program: 'server', pid: process.pid, life, version: WIRE_VERSION });

  return {
    send,
    tell,
    unsentBytes: () => socket.bufferedAmount,
    onRequest(next) {
      handle = next;
    },
    async close() {
      isClosing = true;
      socket.close(1000);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, CLOSE_WITHIN_MS);
      });
      await Promise.race([closed, late]);
      clearTimeout(timer);
    },
  };
}
