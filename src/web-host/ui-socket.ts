/**
 * Serves one dashboard over a WebSocket. Its requests go to the lab, and each answer has the id of its request. The lab's pushes
 * pass a valve. `serve.ts` opens one of these for each admitted upgrade.
 *
 * Wire: the page sends `{ id, name, ask }`; the host sends `{ id, result }` and `{ push }`, each one text frame.
 */

import * as v from 'valibot';
import {
  type LabError,
  type LabPush,
  type LabResult,
  openPushValve,
  type RequestName,
  type Requests,
} from '../core/lab-api/index.ts';
import { labError } from '../core/lab-api/lab-problem.ts';
import type { Lab } from '../lab/index.ts';
import { createRateLimit } from './rate-limit.ts';

/** The used part of a `ws` socket; a test passes its own. */
export interface UiSocket {
  readonly bufferedAmount: number;
  send(text: string, sent: (problem?: Error) => void): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** One connected page. */
export interface UiClient {
  /** Handles a frame; `isBinary` is true for any frame but a text frame. */
  received(data: string, isBinary: boolean): void;
  pong(): void;
  /** Called every 15 s: disconnects a page that did not answer the last ping, or else pings again. */
  beat(): void;
  /** Stops the pushes, when the socket has closed or is about to close. */
  stop(): void;
}

/** Unsent bytes beyond which a page is behind: pushes are omitted until it has caught up. */
export const BEHIND_BYTES = 4 * 1024 * 1024;
const CAUGHT_UP_BYTES = 256 * 1024;
/** Unsent bytes beyond which a page that reads no answers is disconnected. */
const HOPELESS_BYTES = 64 * 1024 * 1024;
const ASKS_PER_SECOND = 50;
const ASK_BURST = 100;
/** Maximum number of waiting requests of one page, since a submit may wait long for a leader. */
const MAX_WAITING = 200;
/** Number of invalid frames after which a page is disconnected. They are ignored until then; our own page never sends one. */
const MAX_SENSELESS = 10;

const askFrame = v.strictObject({
  id: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  name: v.pipe(v.string(), v.maxLength(64)),
  ask: v.optional(v.unknown()),
});

/** Serves one page. `nowMs` is a monotonic clock in milliseconds; listening to the lab begins at once. */
export function openUiClient(from: {
  readonly socket: UiSocket;
  readonly lab: Pick<Lab, 'ask' | 'listen'>;
  readonly nowMs: () => number;
}): UiClient {
  const { socket, lab } = from;
  const mayAsk = createRateLimit({ perSecond: ASKS_PER_SECOND, burst: ASK_BURST, nowMs: from.nowMs });
  let waiting = 0;
  let senseless = 0;
  let answeredPing = true;

  const send = (frame: unknown): void => {
    if (socket.bufferedAmount > HOPELESS_BYTES) socket.terminate();
    else socket.send(JSON.stringify(frame), () => valve?.drained());
  };
  const answer = (id: number, result: LabResult<unknown>): void => send({ id, result });

  const serveAsk = async (id: number, name: string, ask: unknown): Promise<void> => {
    waiting += 1;
    try {
      // The lab checks the name and the ask.
      answer(id, await lab.ask(name as RequestName, ask as Requests[RequestName]['ask']));
    } catch (problem) {
      // The lab should never reject. If it does, the page still gets an answer.
      answer(id, refused(labError('lab-failed', { detail: String(problem) })));
    } finally {
      waiting -= 1;
    }
  };

  // The first push comes before `openPushValve` returns, so `send` must work without the valve.
  let valve: ReturnType<typeof openPushValve> | undefined;
  valve = openPushValve({
    listen: (onPush) => lab.listen(onPush),
    send: (push: LabPush) => send({ push }),
    behind: () => socket.bufferedAmount,
    high: BEHIND_BYTES,
    low: CAUGHT_UP_BYTES,
  });

  return {
    received(data, isBinary) {
      const frame = isBinary ? null : parseFrame(data);
      if (frame === null) {
        senseless += 1;
        if (senseless > MAX_SENSELESS) socket.close(1008, 'frames that are no asks');
        return;
      }
      if (!mayAsk() || waiting >= MAX_WAITING) return answer(frame.id, refused(labError('busy')));
      void serveAsk(frame.id, frame.name, frame.ask);
    },
    pong() {
      answeredPing = true;
    },
    beat() {
      if (!answeredPing) return socket.terminate();
      answeredPing = false;
      socket.ping();
    },
    stop() {
      valve?.stop();
    },
  };
}

function parseFrame(data: string): v.InferOutput<typeof askFrame> | null {
  try {
    const parsed = v.safeParse(askFrame, JSON.parse(data));
    return parsed.success ? parsed.output : null;
  } catch {
    // The caller counts invalid JSON like JSON of the wrong shape.
    return null;
  }
}

function refused(error: LabError): LabResult<never> {
  return { ok: false, error };
}
