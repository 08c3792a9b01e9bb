/**
 * Gets a request answered: finds the leader and retries until a final reply or the deadline. Each attempt is a message
 * of its own with the same body. Flow: client.ts → here → line.ts → network → server.
 */
import {
  type ClientRequestBody,
  type Endpoint,
  encodeClientRequest,
  messageId,
  type ServerId,
} from '../core/wire/index.ts';
import type { Clock } from '../program/clock.ts';
import { type AttemptEnd, createExchange, type Exchange } from './exchange.ts';
import { createLeaderGuess, type LeaderGuess } from './leader-guess.ts';
import { createLine, type Line } from './line.ts';

/** Options that all requests of one client share. */
export interface RequestsOptions {
  readonly id: Endpoint;
  readonly life: number;
  readonly runId: string;
  readonly secret: string;
  readonly networkUrl: string;
  readonly servers: readonly ServerId[];
  readonly attemptTimeoutMs: () => number;
  readonly deadlineMs: () => number;
}

/** The end of a request after all its attempts. */
export type RequestEnd = Extract<AttemptEnd, { type: 'reply' | 'closed' }> | { readonly type: 'deadline' };

/** Callbacks for the progress of a request. */
export interface Hooks {
  onSent(to: ServerId): void;
  onRedirected(from: ServerId, to: ServerId | null): void;
}

/** The requests of one client, one at a time. */
export class Requests {
  readonly #options: RequestsOptions;
  readonly #nowUs: Clock;
  readonly #guess: LeaderGuess;
  readonly #lines = new Map<ServerId, Line>();
  #messages = 0;
  #exchange: Exchange | null = null;
  #isClosed = false;

  constructor(options: RequestsOptions, nowUs: Clock) {
    this.#options = options;
    this.#nowUs = nowUs;
    this.#guess = createLeaderGuess(options.servers);
  }

  /**
   * Repeats the request until a final reply, the deadline or `close`.
   *
   * @param startedUs  start of the deadline's time
   * @param leader  the server to ask first; null: the server that answered last
   */
  async ask(
    body: ClientRequestBody,
    startedUs: number,
    hooks: Hooks,
    leader: ServerId | null = null,
  ): Promise<RequestEnd> {
    if (leader !== null && this.#options.servers.includes(leader)) this.#guess.confirmed(leader);
    const { attemptTimeoutMs, deadlineMs } = this.#options;
    const sent: { readonly line: Line; readonly message: string }[] = [];
    const asking = createExchange((server, waiting) => {
      const { message, frame } = this.#frame(body, server);
      const line = this.#lineTo(server);
      sent.push({ line, message });
      line.request(message, frame, waiting);
    });
    this.#exchange = asking;
    if (this.#isClosed) asking.close();
    const leftMs = (): number => deadlineMs() - (this.#nowUs() - startedUs) / 1000;
    try {
      while (leftMs() > 0) {
        const target = this.#guess.target();
        hooks.onSent(target);
        const next = this.#judge(await asking.ask(target, Math.min(attemptTimeoutMs(), leftMs())), hooks);
        if (typeof next !== 'number') return next;
        const pause = next > 0 ? await asking.pause(Math.min(next, Math.max(0, leftMs()))) : null;
        if (pause?.type === 'reply' || pause?.type === 'closed') return pause;
      }
      return { type: 'deadline' };
    } finally {
      this.#exchange = null;
      for (const { line, message } of sent) line.forget(message);
    }
  }

  /** Ends the current request with `closed`; every later one ends with `closed` at once. */
  interrupt(): void {
    this.#isClosed = true;
    this.#exchange?.close();
  }

  /** Closes the connections. */
  dispose(): void {
    for (const line of this.#lines.values()) line.close();
  }

  #lineTo(server: ServerId): Line {
    const { id, life, runId, secret, networkUrl } = this.#options;
    const line = this.#lines.get(server) ?? createLine({ client: id, life, server, runId, secret, networkUrl });
    this.#lines.set(server, line);
    return line;
  }

  #frame(body: ClientRequestBody, to: ServerId): { readonly message: string; readonly frame: string } {
    const { id: from, life } = this.#options;
    this.#messages += 1;
    const message = messageId(from, life, this.#messages);
    return { message, frame: encodeClientRequest(body, { id: message, life, sentUs: this.#nowUs(), from, to }) };
  }

  /**
   * Decides what follows from an attempt.
   *
   * @returns the end of the request, or the pause before the next attempt (milliseconds)
   */
  #judge(attempt: AttemptEnd, hooks: Hooks): RequestEnd | number {
    if (attempt.type === 'closed') return attempt;
    if (attempt.type !== 'reply') return this.#guess.failed();
    const { server, body } = attempt;
    if (body.ok) {
      this.#guess.confirmed(server);
      return attempt;
    }
    switch (body.reason) {
      case 'not-leader':
        hooks.onRedirected(server, body.leaderId);
        return this.#guess.redirected(body.leaderId);
      case 'busy':
        return this.#guess.busy();
      // The server lost the outcome; the same sequence number sent again finds it.
      case 'unknown':
        return this.#guess.redirected(body.leaderId);
      default:
        return attempt;
    }
  }
}
