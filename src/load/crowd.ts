/**
 * Closed-loop clients: each sends its next command when the last one was answered, on its own session and connections.
 * Counts answers, and measures latencies between `beginWindow` and `endWindow`. Flow: index.ts → here → src/client →
 * network → servers.
 */
import { type Client, type ClientAnswer, createClient } from '../client/index.ts';
import { Ledger } from './ledger.ts';
import type { AnswerCounts, Answers, LoadOrders } from './orders.ts';

/** Timeout of one attempt in milliseconds, as for the lab's own clients at pace real. */
const ATTEMPT_MS = 600;
/** Time limit of all attempts of a command, milliseconds; afterwards its outcome is unknown. */
const DEADLINE_MS = 10_000;

interface Member {
  readonly client: Client;
  readonly ledger: Ledger;
}

/** Measurements between `beginWindow` and `endWindow`. */
export interface CrowdWindow {
  readonly counts: AnswerCounts;
  /** Latencies of acknowledged commands. */
  readonly latenciesMs: readonly number[];
  /** The servers that answered `done`. */
  readonly answeredBy: readonly string[];
}

interface Window {
  readonly counts: { done: number; unknown: number; refused: number };
  readonly latenciesMs: number[];
  readonly answeredBy: Set<string>;
}

/** A group of clients that send nothing before `start`. */
export class Crowd {
  readonly #orders: LoadOrders;
  readonly #value: string;
  readonly #members: readonly Member[];
  readonly #total = { done: 0, unknown: 0, refused: 0 };
  #window: Window | null = null;
  #isGoing = true;
  #loops: readonly Promise<void>[] = [];
  #unheard: number;

  constructor(orders: LoadOrders) {
    this.#orders = orders;
    this.#value = 'v'.repeat(orders.valueBytes);
    this.#unheard = orders.clients;
    this.#members = Array.from({ length: orders.clients }, (_, at) => memberOf(orders, `C${at + 1}`));
  }

  /** Starts every client. Resolves when each of them has had its first answer. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#loops = this.#members.map((member) => this.#loop(member, resolve));
    });
  }

  /** Begins the measured window. */
  beginWindow(): void {
    this.#window = emptyWindow();
  }

  /** Ends the window and returns its measurements. */
  endWindow(): CrowdWindow {
    const { counts, latenciesMs, answeredBy } = this.#window ?? emptyWindow();
    this.#window = null;
    return { counts, latenciesMs, answeredBy: [...answeredBy] };
  }

  /** Sends no further command. Resolves once every current command has an outcome and all clients are closed. */
  async stop(): Promise<void> {
    this.#isGoing = false;
    await Promise.all(this.#loops);
    await Promise.all(this.#members.map(({ client }) => client.close()));
  }

  get total(): AnswerCounts {
    return this.#total;
  }

  get answers(): Answers {
    return {
      sessions: this.#members.flatMap(({ ledger }) => ledger.sessions),
      repeated: this.#members.flatMap(({ ledger }) => ledger.repeated),
    };
  }

  async #loop({ client, ledger }: Member, allHeard: () => void): Promise<void> {
    let isFirst = true;
    while (this.#isGoing) {
      const key = `k${Math.floor(Math.random() * this.#orders.keys)}`;
      const beganMs = performance.now();
      const answer = await client.submit({ op: 'set', key, value: this.#value });
      this.#count(answer, performance.now() - beganMs);
      ledger.answered(answer.outcome === 'done' ? answer.index : null);
      if (!isFirst) continue;
      isFirst = false;
      this.#unheard -= 1;
      if (this.#unheard === 0) allHeard();
    }
  }

  #count(answer: ClientAnswer, latencyMs: number): void {
    this.#total[answer.outcome] += 1;
    if (this.#window === null) return;
    this.#window.counts[answer.outcome] += 1;
    if (answer.outcome !== 'done') return;
    this.#window.latenciesMs.push(latencyMs);
    this.#window.answeredBy.add(answer.server);
  }
}

function emptyWindow(): Window {
  return { counts: { done: 0, unknown: 0, refused: 0 }, latenciesMs: [], answeredBy: new Set() };
}

function memberOf({ runId, secret, networkUrl, servers, originNs }: LoadOrders, id: string): Member {
  const ledger = new Ledger();
  const client = createClient({
    id,
    runId,
    secret,
    networkUrl,
    servers,
    originNs,
    life: 1,
    attemptTimeoutMs: () => ATTEMPT_MS,
    deadlineMs: () => DEADLINE_MS,
    onEvent: (body) => ledger.heard(body),
  });
  return { client, ledger };
}
