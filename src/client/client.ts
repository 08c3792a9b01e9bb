/**
 * A client of the cluster: takes commands one after another, finds the leader, and retries with the same session and
 * sequence number. In the end it reports what is known, which is done, refused or unknown, but never "failed" (rule
 * R5).
 */
import type { ClientEvent } from '../core/catalogue/index.ts';
import type { Command, CommandResult, Endpoint, EventBody, ServerId } from '../core/wire/index.ts';
import { type Clock, createClock } from '../program/clock.ts';
import { createEventStamp } from '../program/event-stamp.ts';
import { type Hooks, Requests } from './requests.ts';

/** Maximum number of waiting commands; further ones are refused as `busy`. */
export const MAX_WAITING_COMMANDS = 1000;

/** Identity, addresses and timeouts of a client. */
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
  /** Number of this client's starts, from 1. */
  readonly life: number;
  /** Timeout of one attempt, read before each attempt because the pace may change. */
  readonly attemptTimeoutMs: () => number;
  /** Time limit of a command from when its turn comes; afterwards its outcome is unknown. */
  readonly deadlineMs: () => number;
  readonly onEvent: (body: EventBody) => void;
}

/** The final outcome of a command (SubmitAnswer in core/lab-api). */
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
  /** The command may or may not have been applied, or may still be applied. */
  | { readonly outcome: 'unknown'; readonly attempts: number }
  /** `busy` and `closed`: never sent. The other reasons come from a server. */
  | {
      readonly outcome: 'refused';
      readonly reason: 'busy' | 'closed' | 'unknown-session' | 'superseded' | 'bad-request';
    };

/** One client with one session: it sends one command at a time, and further ones wait. */
export interface Client {
  /**
   * Submits a command. Never rejects; commands run in the order in which they were submitted.
   *
   * @param leader  called when the command's turn comes; returns the server to ask first. Null or absent: the client
   *   finds it.
   */
  submit(command: Command, leader?: () => ServerId | null): Promise<ClientAnswer>;
  /**
   * Repeats every command whose outcome is unknown, under its old session and number. A late answer settles the
   * command; without one it stays unknown. Runs after the waiting commands.
   */
  settle(): Promise<void>;
  /** Ends the current command as unknown, refuses waiting ones, closes the connections. */
  close(): Promise<void>;
}

/** Creates a client of the run; call `close` at the end. */
export function createClient(options: ClientOptions): Client {
  return new OneAtATime(options);
}

/** A command without an answer at its deadline. */
interface Unsettled {
  readonly name: string;
  readonly numbered: { readonly session: number; readonly sequence: number };
  readonly command: Command;
  readonly submittedUs: number;
}

/** Maximum number of unsettled commands that are kept, so that a client of a silent cluster uses bounded memory. */
const MOST_UNSETTLED = 1_000;

interface Waiting {
  readonly command: Command;
  readonly submittedUs: number;
  readonly leader: () => ServerId | null;
  readonly answer: (answer: ClientAnswer) => void;
}

/** A command whose turn has come. */
interface Operation {
  readonly name: string;
  readonly startedUs: number;
  attempts: number;
}

class OneAtATime implements Client {
  readonly #options: ClientOptions;
  readonly #nowUs: Clock;
  readonly #emit: (event: ClientEvent) => void;
  readonly #requests: Requests;
  readonly #waiting: Waiting[] = [];
  #unsettled: readonly Unsettled[] = [];
  #session: { readonly id: number; lastSequence: number } | null = null;
  #operations = 0;
  #working: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: ClientOptions) {
    const { life, onEvent } = options;
    this.#options = options;
    this.#nowUs = createClock(options.originNs);
    const stamps = createEventStamp(life, this.#nowUs);
    this.#emit = (event) => onEvent(stamps.stamp(event));
    this.#requests = new Requests(options, this.#nowUs);
  }

  submit(command: Command, leader: () => ServerId | null = () => null): Promise<ClientAnswer> {
    if (this.#isClosed) return Promise.resolve({ outcome: 'refused', reason: 'closed' });
    if (this.#waiting.length >= MAX_WAITING_COMMANDS) return Promise.resolve({ outcome: 'refused', reason: 'busy' });
    return new Promise((answer) => {
      this.#waiting.push({ command, submittedUs: this.#nowUs(), leader, answer });
      this.#working ??= this.#work();
    });
  }

  async settle(): Promise<void> {
    while (this.#working !== null) await this.#working;
    this.#working = this.#askAgainAll();
    await this.#working;
  }

  /** Repeats the unsettled commands one at a time, then runs the commands that were submitted meanwhile. */
  async #askAgainAll(): Promise<void> {
    const unsettled = this.#unsettled;
    this.#unsettled = [];
    for (const one of unsettled) if (!this.#isClosed) await this.#askAgain(one);
    await this.#work();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#requests.interrupt();
    await this.#working;
    this.#requests.dispose();
  }

  async #work(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      next.answer(this.#isClosed ? { outcome: 'refused', reason: 'closed' } : await this.#carryOut(next));
    }
    this.#working = null;
  }

  async #carryOut({ command, submittedUs, leader }: Waiting): Promise<ClientAnswer> {
    const { id, life } = this.#options;
    this.#operations += 1;
    const operation = { name: `${id}.${life}.op${this.#operations}`, startedUs: this.#nowUs(), attempts: 0 };
    const { name } = operation;
    const session = this.#session ?? (await this.#openSession(operation, leader()));
    if (session === null) {
      this.#emit({ event: 'CommandInvoked', operation: name, client: id, session: null, sequence: null, command });
      return this.#unknown(operation);
    }
    session.lastSequence += 1;
    const numbered = { session: session.id, sequence: session.lastSequence };
    this.#emit({ event: 'CommandInvoked', operation: name, client: id, ...numbered, command });
    operation.attempts = 0;
    const hooks: Hooks = {
      onSent: (to) => {
        operation.attempts += 1;
        this.#emit({ event: 'CommandSent', operation: name, to, attempt: operation.attempts });
      },
      onRedirected: (from, to) => this.#emit({ event: 'CommandRedirected', operation: name, from, to }),
    };
    const request = { type: 'command', ...numbered, command } as const;
    const end = await this.#requests.ask(request, operation.startedUs, hooks, leader());
    if (end.type !== 'reply') {
      this.#unsettled = [...this.#unsettled, { name, numbered, command, submittedUs }].slice(-MOST_UNSETTLED);
      return this.#unknown(operation);
    }
    if (!end.body.ok) return this.#refused(name, end.body.reason);
    const { index, term, result } = end.body;
    // The codec guarantees a result of the store here, so this branch only satisfies the types.
    if ('session' in result) return this.#unknown(operation);
    const { server } = end;
    const latencyUs = this.#nowUs() - submittedUs;
    this.#emit({ event: 'CommandDone', operation: name, index, term, server, result, latencyUs });
    return { outcome: 'done', index, term, server, result, latencyMs: latencyUs / 1000 };
  }

  async #askAgain({ name, numbered, command, submittedUs }: Unsettled): Promise<void> {
    const silent = { onSent: () => undefined, onRedirected: () => undefined };
    const end = await this.#requests.ask({ type: 'command', ...numbered, command }, this.#nowUs(), silent);
    // The command stays unknown after silence, or after a refusal because its session was superseded or forgotten.
    if (end.type !== 'reply' || !end.body.ok || 'session' in end.body.result) return;
    const { index, term, result } = end.body;
    const latencyUs = this.#nowUs() - submittedUs;
    this.#emit({ event: 'CommandDone', operation: name, index, term, server: end.server, result, latencyUs });
  }

  /** Opens a session. A lost reply wastes only one entry in the log, because the retry opens another session. */
  async #openSession(
    operation: Operation,
    leader: ServerId | null,
  ): Promise<{ readonly id: number; lastSequence: number } | null> {
    const hooks: Hooks = {
      onSent: () => {
        operation.attempts += 1;
      },
      onRedirected: () => undefined,
    };
    const end = await this.#requests.ask({ type: 'open-session' }, operation.startedUs, hooks, leader);
    if (end.type !== 'reply' || !end.body.ok || !('session' in end.body.result)) return null;
    this.#session = { id: end.body.result.session, lastSequence: 0 };
    this.#emit({ event: 'SessionOpened', client: this.#options.id, session: this.#session.id });
    return this.#session;
  }

  #unknown({ name, attempts }: Operation): ClientAnswer {
    // The unknown command may still arrive, and the next command must not overtake it in the same session.
    this.#session = null;
    const reason = this.#isClosed ? 'closed' : 'timed-out';
    this.#emit({ event: 'CommandUnknown', operation: name, reason, attempts });
    return { outcome: 'unknown', attempts };
  }

  #refused(operation: string, said: string): ClientAnswer {
    const reason = said === 'unknown-session' || said === 'superseded' ? said : 'bad-request';
    // A new session may be opened only now, and only for the next command.
    if (reason !== 'bad-request') this.#session = null;
    this.#emit({ event: 'CommandRefused', operation, reason });
    return { outcome: 'refused', reason };
  }
}
