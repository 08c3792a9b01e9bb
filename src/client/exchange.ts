/**
 * One request with all its attempts, to any servers. Every attempt sends the same request, so a successful reply to any
 * of them is the answer, even a late one. A late refusal concerns only its own attempt and is ignored.
 */
import type { ClientReplyBody, ServerId } from '../core/wire/index.ts';
import type { Waiting } from './line.ts';

/** The end of one attempt. */
export type AttemptEnd =
  | { readonly type: 'reply'; readonly server: ServerId; readonly body: ClientReplyBody }
  /** The request may or may not have been carried out. */
  | { readonly type: 'timed-out' | 'broken' }
  | { readonly type: 'closed' };

/** The attempts of one request, one at a time. */
export interface Exchange {
  /** Makes one attempt, for at most `timeoutMs`. */
  ask(server: ServerId, timeoutMs: number): Promise<AttemptEnd>;
  /** Waits for `ms`, or until an earlier attempt is answered. `timed-out` means that the pause is over. */
  pause(ms: number): Promise<AttemptEnd>;
  /** Ends the current attempt with `closed`; every later call ends with `closed` at once. */
  close(): void;
}

/** Creates the exchange of one request. @param send  sends the request once more under a new message id */
export function createExchange(send: (server: ServerId, waiting: Waiting) => void): Exchange {
  let end: ((result: AttemptEnd) => void) | null = null;
  /** The final answer, set at most once. */
  let final: AttemptEnd | null = null;
  let attempts = 0;

  function wait(ms: number, begin: () => void): Promise<AttemptEnd> {
    if (final !== null) return Promise.resolve(final);
    return new Promise((resolve) => {
      const timer = setTimeout(() => end?.({ type: 'timed-out' }), ms);
      end = (result) => {
        end = null;
        clearTimeout(timer);
        resolve(result);
      };
      begin();
    });
  }

  function finish(result: AttemptEnd): void {
    final ??= result;
    end?.(final);
  }

  return {
    ask(server, timeoutMs) {
      attempts += 1;
      const attempt = attempts;
      /** Ends the wait with a refusal or a broken connection, but only for the current attempt. */
      const endThis = (result: AttemptEnd): void => {
        if (attempt === attempts) end?.(result);
      };
      const waiting: Waiting = {
        onReply: (body) => (body.ok ? finish : endThis)({ type: 'reply', server, body }),
        onBroken: () => endThis({ type: 'broken' }),
      };
      return wait(timeoutMs, () => send(server, waiting));
    },
    pause(ms) {
      // During the pause an earlier attempt may still bring the answer, but its failure no longer ends the wait.
      attempts += 1;
      return wait(ms, () => undefined);
    },
    close: () => finish({ type: 'closed' }),
  };
}
