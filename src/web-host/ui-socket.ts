/**
 * One dashboard at the other end of a WebSocket: its asks go to the lab and come back under the same id, the lab's
 * pushes go out through a valve. `serve.ts` opens one of these for each upgrade the gate let in.
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

/** The part of a `ws` socket that is used; a test passes its own. */
export interface UiSocket {
  readonly bufferedAmount: number;
  send(text: string, sent: (problem?: Error) => void): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** One page that is connected. */
export interface UiClient {
  /** A text frame arrived (`isBinary` for any other kind). */
  received(data: string, isBinary: boolean): void;
  pong(): void;
  /** Every 15 s: hangs up on a page that did not answer the last ping, else pings again. */
  beat(): void;
  /** The socket is gone, or is to go: stops the pushes. */
  stop(): void;
}

/** Unsent bytes beyond which a page is behind: pushes are omitted until it has caught up. */
export const BEHIND_BYTES = 4 * 1024 * 1024;
const CAUGHT_UP_BYTES = 256 * 1024;
/** Unsent bytes beyond which a page that takes no answers is disconnected. */
const HOPELESS_BYTES = 64 * 1024 * 1024;
const ASKS_PER_SECOND = 50;
const ASK_BURST = 100;
/** Maximum number of waiting requests of one page, since a submit may wait long for a leader. */
const MAX_WAITING = 200;
/** Frames that make no sense are dropped; our own page never sends one, so a few are enough to hang up. */
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
      // The lab promises never to reject; if it does, the page must still get its answer.
      answer(id, refused(labError('lab-failed', { detail: String(problem) })));
    } finally {
      waiting -= 1;
    }
  };

  // The first push comes while this is still being built, so `send` must not need the valve yet.
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
    // Not JSON: the same as JSON of the wrong shape, both are counted by the caller.
    return null;
  }
}

function refused(error: LabError): LabResult<never> {
  return { ok: false, error };
}
