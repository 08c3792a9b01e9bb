/**
 * The calls that wait on each simulated server: from the proposal until its entry is applied on that server, or until
 * its outcome can no longer be known (rules L10, R5). The server program has its own version of this.
 */
import type { Proposal } from '../raft/input.ts';
import type { Reply } from '../raft/ready.ts';
import type { Answer } from '../state-machine/index.ts';
import type { LogEntry } from '../vocabulary/index.ts';
import type { Ask, Heard } from './sim-client.ts';

/** A waiting client. `term` is 0 until the proposal has its index. */
export interface Call {
  readonly client: number;
  readonly attempt: number;
  readonly term: number;
}

/** The waiting calls of all servers, empty at first. */
export class SimCalls {
  readonly #hear: (call: Call, heard: Heard) => void;
  readonly #proposed = new Map<string, Call>();
  readonly #placed = new Map<string, Call>();
  #requests = 0;

  constructor(hear: (call: Call, heard: Heard) => void) {
    this.#hear = hear;
  }

  /**
   * Starts a call.
   *
   * @returns the proposal to step
   */
  begin(server: string, call: Call, ask: Ask): Proposal {
    this.#requests += 1;
    const requestId = `r${this.#requests}`;
    this.#proposed.set(`${server} ${requestId}`, call);
    if (ask.type === 'session') return { requestId, content: { type: 'session' } };
    const { session, sequence, command } = ask;
    return { requestId, content: { type: 'command', session, sequence, command } };
  }

  replied(server: string, reply: Reply): void {
    if (reply.type === 'leadership-lost') {
      // Proposals accepted up to this term have an unknown outcome now.
      for (const [place, call] of this.#placed) {
        if (!place.startsWith(`${server} `) || call.term > reply.term) continue;
        this.#placed.delete(place);
        this.#hear(call, { type: 'elsewhere', leaderId: reply.leaderId });
      }
      return;
    }
    const key = `${server} ${reply.requestId}`;
    const call = this.#proposed.get(key);
    if (call === undefined) return;
    this.#proposed.delete(key);
    if (reply.type === 'accepted') this.#placed.set(`${server} ${reply.index}`, { ...call, term: reply.term });
    else this.#hear(call, { type: 'elsewhere', leaderId: reply.leaderId });
  }

  applied(server: string, entries: readonly LogEntry[], answers: readonly Answer[]): void {
    for (const [at, { index, term }] of entries.entries()) {
      const place = `${server} ${index}`;
      const call = this.#placed.get(place);
      const answer = answers[at];
      if (call === undefined || answer === undefined) continue;
      this.#placed.delete(place);
      if (call.term === term) this.#hear(call, { type: 'answer', index, term, answer });
      else this.#hear(call, { type: 'elsewhere', leaderId: null });
    }
  }

  /** Removes all calls that wait on a server which has died. */
  forget(server: string): void {
    for (const calls of [this.#proposed, this.#placed]) {
      for (const key of calls.keys()) if (key.startsWith(`${server} `)) calls.delete(key);
    }
  }
}
