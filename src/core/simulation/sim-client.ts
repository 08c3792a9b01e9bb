/**
 * A simulated client. It opens a session and sends one command at a time. When no answer comes, it sends the same
 * sequence number to the next server; after too many attempts, the outcome is unknown (rules R4, R5). It reports the
 * same events as a real client.
 */
import type { Answer } from '../state-machine/index.ts';
import type { AnyEvent } from '../trace/index.ts';
import type { Chance, Command, CommandResult } from '../wire/index.ts';

/** A request of a client to a server. */
export type Ask =
  | { readonly type: 'session' }
  | { readonly type: 'command'; readonly session: number; readonly sequence: number; readonly command: Command };

/** The reply to a request: an answer, a redirect, or silence. */
export type Heard =
  | { readonly type: 'answer'; readonly index: number; readonly term: number; readonly answer: Answer }
  | { readonly type: 'elsewhere'; readonly leaderId: string | null };

export interface ClientWorld {
  readonly chance: Chance;
  readonly servers: readonly string[];
  readonly keys: number;
  readonly tell: (event: AnyEvent) => void;
  /** Sends a request; its reply carries the same `attempt`. */
  readonly ask: (server: string, ask: Ask, attempt: number) => void;
  /** Schedules `wake` after `us` microseconds. */
  readonly after: (us: number) => void;
}

/** Time to wait for an answer, and maximum number of attempts before the outcome is unknown. */
const PATIENCE_US = 400_000;
const MOST_ATTEMPTS = 25;
const PAUSE_US = 30_000;
const STRANGE_SHARE = 0.002;

interface UnderWay {
  readonly ask: Ask;
  readonly operation: string;
  attempts: number;
}

/** One client. Call `wake` once to start it. */
export class SimClient {
  readonly id: string;
  readonly #world: ClientWorld;
  #session: number | null = null;
  #sequence = 0;
  #count = 0;
  #now: UnderWay | null = null;
  #attempt = 0;
  #guess: string;
  #mayBegin = true;
  /** Number of acknowledged commands. */
  done = 0;

  constructor(id: string, world: ClientWorld) {
    this.id = id;
    this.#world = world;
    this.#guess = world.servers[0] ?? '';
  }

  /** Stops the client from starting further commands. The current command continues. */
  rest(): void {
    this.#mayBegin = false;
  }

  get isIdle(): boolean {
    return this.#now === null;
  }

  /**
   * Handles the end of a wait: starts a command, or sends the current one to another server.
   *
   * @param attempt  the attempt that waited; 0 for the first call
   */
  wake(attempt: number): void {
    if (attempt !== this.#attempt) return;
    if (this.#now === null) {
      this.#begin();
      return;
    }
    this.#guess = this.#next();
    this.#tryAgain();
  }

  /** Handles the reply to an attempt. Replies to earlier attempts are ignored. */
  hear(attempt: number, heard: Heard): void {
    const now = this.#now;
    if (now === null || attempt !== this.#attempt) return;
    if (heard.type === 'elsewhere') {
      this.#guess = heard.leaderId ?? this.#next();
      this.#attempt += 1;
      this.#world.after(PAUSE_US * (0.5 + this.#world.chance()));
      return;
    }
    this.#answered(now, heard);
    this.#now = null;
    this.#attempt += 1;
    this.#world.after(PAUSE_US * (0.5 + this.#world.chance()));
  }

  /** Number of the current attempt. A timer with another number has been overtaken. */
  get attempt(): number {
    return this.#attempt;
  }

  #answered(now: UnderWay, { index, term, answer }: Extract<Heard, { readonly type: 'answer' }>): void {
    const { tell } = this.#world;
    if (answer.type === 'session') {
      this.#session = answer.session;
      this.#sequence = 0;
      tell({ event: 'SessionOpened', client: this.id, session: answer.session });
    } else if (answer.type === 'result') {
      this.done += 1;
      const result = answer.result as CommandResult;
      const { operation } = now;
      tell({ event: 'CommandDone', operation, index, term, server: this.#guess, result, latencyUs: 0 });
    } else {
      const reason = answer.type === 'refused' ? answer.reason : 'bad-request';
      tell({ event: 'CommandRefused', operation: now.operation, reason });
      this.#session = null;
    }
  }

  #begin(): void {
    if (!this.#mayBegin) return;
    const { chance, keys, tell } = this.#world;
    if (this.#session === null) {
      this.#now = { ask: { type: 'session' }, operation: '', attempts: 0 };
      this.#tryAgain();
      return;
    }
    this.#sequence += 1;
    this.#count += 1;
    const operation = `${this.id}-${this.#count}`;
    const command = drawCommand(chance, keys, operation);
    // Sometimes the client uses a session that does not exist.
    const session = chance() < STRANGE_SHARE ? this.#session + 1_000_000 : this.#session;
    const ask: Ask = { type: 'command', session, sequence: this.#sequence, command };
    tell({
      event: 'CommandInvoked',
      operation,
      client: this.id,
      session: ask.session,
      sequence: ask.sequence,
      command,
    });
    this.#now = { ask, operation, attempts: 0 };
    this.#tryAgain();
  }

  #tryAgain(): void {
    const now = this.#now;
    if (now === null) return;
    now.attempts += 1;
    if (now.attempts > MOST_ATTEMPTS && this.#mayBegin) {
      const { operation, attempts } = now;
      if (operation !== '') this.#world.tell({ event: 'CommandUnknown', operation, reason: 'timed-out', attempts });
      // The command may still be applied later. A new session keeps the next command distinct from it.
      this.#session = null;
      this.#now = null;
      this.#attempt += 1;
      this.#world.after(PAUSE_US);
      return;
    }
    this.#attempt += 1;
    this.#world.ask(this.#guess, now.ask, this.#attempt);
    this.#world.after(PATIENCE_US);
  }

  #next(): string {
    const { servers, chance } = this.#world;
    return servers[Math.floor(chance() * servers.length)] ?? this.#guess;
  }
}

function drawCommand(chance: Chance, keys: number, token: string): Command {
  const key = `k${Math.floor(chance() * keys)}`;
  const kind = chance();
  if (kind < 0.4) return { op: 'append', key, value: `${token};` };
  if (kind < 0.6) return { op: 'set', key, value: token };
  if (kind < 0.8) return { op: 'get', key };
  if (kind < 0.9) return { op: 'cas', key, expected: null, value: token };
  return { op: 'delete', key };
}
