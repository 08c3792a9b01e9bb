/**
 * The soak's clients. Each appends its own tokens to keys, one after another, and remembers which were acknowledged. A
 * token is written once, so that a lost one can be distinguished from a doubled one. Flow: soak → here →
 * lab.ask('submit').
 */
import type { SubmitAnswer } from '../../core/lab-api/index.ts';
import type { Chance, Command } from '../../core/wire/index.ts';
import type { Written } from '../../play/file-judge.ts';

/** The options of the crowd. */
export interface CrowdOptions {
  readonly clients: number;
  /** Mean pause of a client between an answer and its next command, milliseconds. */
  readonly pauseMs: number;
  readonly chance: Chance;
  readonly submit: (command: Command) => Promise<SubmitAnswer>;
}

/** Number of tokens appended to a key before the next key is used, so that no value outgrows its limit. */
const TOKENS_PER_KEY = 500;

/** The clients of one soak. Idle until `start`. */
export class Crowd {
  readonly #options: CrowdOptions;
  #isGoing = false;
  #loops: readonly Promise<void>[] = [];
  #bursts = new Set<Promise<void>>();
  #wake: () => void = () => undefined;
  #stopped: Promise<void> = Promise.resolve();
  #count = 0;
  #inFlight = 0;
  #acknowledged = 0;
  #unknown = 0;
  #written: Written[] = [];

  constructor(options: CrowdOptions) {
    this.#options = options;
  }

  /** Number of commands that were sent and not answered. */
  get inFlight(): number {
    return this.#inFlight;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Number of commands whose clients gave up waiting. */
  get unknown(): number {
    return this.#unknown;
  }

  /** Starts every client. */
  start(): void {
    if (this.#isGoing) return;
    this.#isGoing = true;
    this.#stopped = new Promise((resolve) => {
      this.#wake = resolve;
    });
    this.#loops = Array.from({ length: this.#options.clients }, () => this.#loop());
  }

  /** Stops new commands. Resolves when every command under way has its answer. */
  async pause(): Promise<void> {
    this.#isGoing = false;
    this.#wake();
    await Promise.all([...this.#loops, ...this.#bursts]);
  }

  /** Sends this many commands at once, in addition to those of the clients. Does not wait for the answers. */
  burst(commands: number): void {
    for (let at = 0; at < commands; at += 1) {
      const one = this.#append();
      this.#bursts.add(one);
      void one.finally(() => this.#bursts.delete(one));
    }
  }

  /** Returns the writes since the last call. */
  takeWritten(): readonly Written[] {
    const written = this.#written;
    this.#written = [];
    return written;
  }

  async #loop(): Promise<void> {
    while (this.#isGoing) {
      await this.#append();
      const pauseMs = 2 * this.#options.pauseMs * this.#options.chance();
      await Promise.race([new Promise((resolve) => setTimeout(resolve, pauseMs)), this.#stopped]);
    }
  }

  async #append(): Promise<void> {
    this.#count += 1;
    const token = `${this.#count};`;
    const key = `k${Math.floor(this.#count / TOKENS_PER_KEY)}`;
    this.#inFlight += 1;
    const answer = await this.#options.submit({ op: 'append', key, value: token });
    this.#inFlight -= 1;
    if (answer.outcome === 'unknown') this.#unknown += 1;
    // A command that its client refused was never sent. One that the store refused (too long) changed nothing.
    if (answer.outcome === 'refused' || (answer.outcome === 'done' && !answer.result.ok)) return;
    if (answer.outcome === 'done') this.#acknowledged += 1;
    this.#written.push({ token, key, index: answer.outcome === 'done' ? answer.index : null });
  }
}
