/**
 * The lab's end of one control connection. Requests and answers are matched by number; events and telemetry arrive
 * unrequested. The outcome for a program that does not answer in time is `no-answer`, not an error, because the program
 * may be frozen. The channel sends no pings, has no idle timeout and keeps slow connections open. Flow:
 * control-server.ts accepts the connection; server-process.ts and network-process.ts own the channel.
 */
import type { WebSocket } from 'ws';
import {
  type ControlUp,
  decodeControlUp,
  encodeControl,
  isProblem,
  type Json,
  type NetworkRequest,
  type ServerRequest,
} from '../../core/wire/index.ts';

/** The outcome of a request. */
export type ControlAnswer =
  | { readonly outcome: 'answered'; readonly value: Json }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'no-answer' };

/** Time after which a request without an answer is `no-answer`, milliseconds (architecture: Channels). */
const NO_ANSWER_MS = 500;

/** A connected program. */
export interface ControlChannel {
  /** Sends a request and waits at most `withinMs` for the answer. Never rejects. */
  ask(request: ServerRequest | NetworkRequest, withinMs?: number): Promise<ControlAnswer>;
  /** Closes the connection; the program exits when it notices. */
  close(): void;
  /** Resolves when the connection is closed and all its messages were passed on. */
  readonly closed: Promise<void>;
}

/** Callback for the messages of a program that are not answers. */
export type OnReport = (report: Exclude<ControlUp, { readonly type: 'answer' }>) => void;

/**
 * Wraps an accepted connection.
 *
 * @param onProblem  receives a sentence about a message that was not understood and is dropped
 */
export function openChannel(
  socket: WebSocket,
  onReport: OnReport,
  onProblem: (message: string) => void,
): ControlChannel {
  const waiting = new Map<number, (answer: ControlAnswer) => void>();
  let lastId = 0;

  function settle(id: number, answer: ControlAnswer): void {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  }

  socket.on('message', (data, isBinary) => {
    const report = isBinary ? { problem: 'a binary frame' } : decodeControlUp(String(data));
    if (isProblem(report)) onProblem(report.problem);
    else if (report.type !== 'answer') onReport(report);
    else if (report.ok) settle(report.id, { outcome: 'answered', value: report.value });
    else settle(report.id, { outcome: 'refused', reason: report.reason });
  });
  // A connection reset is the ordinary end of a killed program.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      for (const id of [...waiting.keys()]) settle(id, { outcome: 'no-answer' });
      resolve();
    });
  });

  return {
    closed,
    close: () => socket.close(1000),
    ask: async (request, withinMs = NO_ANSWER_MS) => {
      if (socket.readyState !== socket.OPEN) return { outcome: 'no-answer' };
      lastId += 1;
      const id = lastId;
      return await new Promise((resolve) => {
        const timer = setTimeout(() => settle(id, { outcome: 'no-answer' }), withinMs);
        waiting.set(id, (answer) => {
          clearTimeout(timer);
          resolve(answer);
        });
        socket.send(encodeControl({ type: 'request', id, request } as Parameters<typeof encodeControl>[0]));
      });
    },
  };
}
