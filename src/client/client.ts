/**
 * A client of the cluster: takes commands one after another, finds the leader, retries with the same session and
 * sequence number, and says what is known in the end: done, refused, or unknown. Never "failed" (rule R5).
 */
import {
  type ClientRequestBody,
  type Command,
  type CommandResult,
  type Endpoint,
  type EventBody,
  encodeClientRequest,
  messageId,
  type ServerId,
} from '../core/wire/index.ts';
import { createClock, createEmitter } from './events.ts';
import { type AttemptEnd, createExchange, type Exchange } from './exchange.ts';
import { createLeaderGuess } from './leader-guess.ts';
import { createLine, type Line } from './line.ts';

/** Commands that may wait for their turn; one more is refused `busy`. */
export const MAX_WAITING_COMMANDS = 1000;

export interface ClientOptions {
  /** `C1`, `C2`, … */
  readonly id: Endpoint;
  readonly runId: string;
  readonly secret: string;
  /** `ws://127.0.0.1:PORT` of the network process. */
  readonly networkUrl: string;
  readonly servers: readonly ServerId[];
  /** `process.hrtime.bigint()` at which the run's time was 0, as a decimal string. */
  readonly originNs: string;
  /** Which start of this client this is, from 1. */
  readonly life: number;
  /** How long one attempt may take. Asked anew for each: the pace may change. */
  readonly attemptTimeoutMs: () => number;
  /** How long a command may take before its outcome is unknown, from when its turn comes. */
  readonly deadlineMs: () => number;
  readonly onEvent: (body: EventBody) => void;
}

/** What is known about a command in the end (SubmitAnswer in core/lab-api). */
export type ClientAnswer =
  | {
      readonly outcome: 'done';
      readonly index: number;
      readonly term: number;
      readonly server: ServerId;
      readonly result: CommandResult;
      /** From `submit` to the answer. */
      readonly latencyMs: number;
    }
  /** It may or may not have happened, or may still happen. */
  | { readonly outcome: 'unknown'; readonly attempts: number }
  /** `busy` and `closed`: never sent. The others: a server's refusal. */
  | {
      readonly outcome: 'refused';
      readonly reason: 'busy' | 'closed' | 'unknown-session' | 'superseded' | 'bad-request';
    };

export interface Client {
  /** Never rejects. Commands are carried out in the order in which they were submitted. */
  submit(command: Command): Promise<ClientAnswer>;
  /** Ends what is under way as unknown, refuses what waits, closes the connections. */
  close(): Promise<void>;
}

interface Waiting {
  readonly command: Command;
  readonly submittedUs: number;
  readonly answer: (answer: ClientAnswer) => void;
}

/** How a request ended after all its attempts. */
type RequestEnd = Extract<AttemptEnd, { type: 'reply' | 'closed' }> | { readonly type: 'deadline' };

export function createClient(options: ClientOptions): Client {
  const { id, life, servers } = options;
  const nowUs = createClock(options.originNs);
  const emit = createEmitter({ life, nowUs, onEvent: options.onEvent });
  const guess = createLeaderGuess(servers);
  const lines = new Map<ServerId, Line>();
  const waiting: Waiting[] = [];
  let session: { readonly id: number; lastSequence: number } | null = null;
  let messages = 0;
  let operations = 0;
  let exchange: Exchange | null = null;
  let working: Promise<void> | null = null;
  let closed = false;

  function lineTo(server: ServerId): Line {
    const line = lines.get(server) ?? createLine({ ...options, client: id, server });
    lines.set(server, line);
    return line;
  }

  /** Asks until there is a final reply, the deadline passes, or the client is closed. */
  async function request(body: ClientRequestBody, startedUs: number, hooks: Hooks): Promise<RequestEnd> {
    const sent: { line: Line; id: string }[] = [];
    const asking = createExchange((server, onEnd) => {
      messages += 1;
      const stamp = { id: messageId(id, life, messages), life, sentUs: nowUs(), from: id, to: server };
      const line = lineTo(server);
      sent.push({ line, id: stamp.id });
      line.request(stamp.id, encodeClientRequest(body, stamp), onEnd);
    });
    exchange = asking;
    if (closed) asking.close();
    const leftMs = (): number => options.deadlineMs() - (nowUs() - startedUs) / 1000;
    try {
      while (leftMs() > 0) {
        const target = guess.target();
        hooks.onSent(target);
        const attempt = await asking.ask(target, Math.min(options.attemptTimeoutMs(), leftMs()));
        const next = judge(attempt, hooks);
        if (typeof next !== 'number') return next;
        const pause = next > 0 ? await asking.pause(Math.min(next, Math.max(0, leftMs()))) : null;
        if (pause?.type === 'reply' || pause?.type === 'closed') return pause;
      }
      return { type: 'deadline' };
    } finally {
      exchange = null;
      for (const { line, id: messageOf } of sent) line.forget(messageOf);
    }
  }

  /** @returns the end of the request, or how long to pause before the next attempt (milliseconds) */
  function judge(attempt: AttemptEnd, hooks: Hooks): RequestEnd | number {
    if (attempt.type === 'closed') return attempt;
    if (attempt.type !== 'reply') return guess.failed();
    const { server, body } = attempt;
    if (body.ok) {
      guess.confirmed(server);
      return attempt;
    }
    switch (body.reason) {
      case 'not-leader':
        hooks.onRedirected(server, body.leaderId);
        return guess.redirected(body.leaderId);
      case 'busy':
        return guess.busy();
      // The server does not know: the same number asked again finds out.
      case 'unknown':
        return guess.redirected(body.leaderId);
      default:
        return attempt;
    }
  }

  /** A session that was opened unheard costs nothing but its entry: asking again opens another. */
  async function openSession(startedUs: number, onSent: () => void): Promise<void> {
    const end = await request({ type: 'open-session' }, startedUs, { onSent, onRedirected: () => undefined });
    if (end.type !== 'reply' || !end.body.ok || !('session' in end.body.result)) return;
    session = { id: end.body.result.session, lastSequence: 0 };
    emit({ event: 'SessionOpened', client: id, session: session.id });
  }

  async function carryOut({ command, submittedUs }: Waiting): Promise<ClientAnswer> {
    operations += 1;
    const operation = `${id}.${life}.op${operations}`;
    const startedUs = nowUs();
    let attempts = 0;
    const unknown = (): ClientAnswer => {
      // Its number may still be on the way: the next command must not come before it in the same session.
      session = null;
      emit({ event: 'CommandUnknown', operation, reason: closed ? 'closed' : 'timed-out', attempts });
      return { outcome: 'unknown', attempts };
    };

    if (session === null) await openSession(startedUs, () => (attempts += 1));
    if (session === null) {
      emit({ event: 'CommandInvoked', operation, client: id, session: null, sequence: null, command });
      return unknown();
    }
    session.lastSequence += 1;
    const numbered = { session: session.id, sequence: session.lastSequence };
    emit({ event: 'CommandInvoked', operation, client: id, ...numbered, command });
    attempts = 0;
    const end = await request({ type: 'command', ...numbered, command }, startedUs, {
      onSent(to) {
        attempts += 1;
        emit({ event: 'CommandSent', operation, to, attempt: attempts });
      },
      onRedirected: (from, to) => emit({ event: 'CommandRedirected', operation, from, to }),
    });
    if (end.type !== 'reply') return unknown();
    if (!end.body.ok) return refused(operation, end.body.reason);
    const { index, term, result } = end.body;
    // The codec lets only a store's result answer a command.
    if ('session' in result) return unknown();
    const latencyUs = nowUs() - submittedUs;
    emit({ event: 'CommandDone', operation, index, term, server: end.server, result, latencyUs });
    return { outcome: 'done', index, term, server: end.server, result, latencyMs: latencyUs / 1000 };
  }

  function refused(operation: string, said: string): ClientAnswer {
    const reason = said === 'unknown-session' || said === 'superseded' ? said : 'bad-request';
    // Only now a new session may be opened, and only for the next command.
    if (reason !== 'bad-request') session = null;
    emit({ event: 'CommandRefused', operation, reason });
    return { outcome: 'refused', reason };
  }

  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      next.answer(closed ? { outcome: 'refused', reason: 'closed' } : await carryOut(next));
    }
    working = null;
  }

  return {
    submit(command) {
      if (closed) return Promise.resolve({ outcome: 'refused', reason: 'closed' });
      if (waiting.length >= MAX_WAITING_COMMANDS) return Promise.resolve({ outcome: 'refused', reason: 'busy' });
      return new Promise((answer) => {
        waiting.push({ command, submittedUs: nowUs(), answer });
        working ??= work();
      });
    },
    async close() {
      closed = true;
      exchange?.close();
      await working;
      for (const line of lines.values()) line.close();
    },
  };
}

interface Hooks {
  onSent(to: ServerId): void;
  onRedirected(from: ServerId, to: ServerId | null): void;
}
