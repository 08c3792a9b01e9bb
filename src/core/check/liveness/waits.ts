/**
 * Clients that wait for an answer. A wait belongs to the client, not to its operation: a client that gives an operation
 * up and requests the next one still waits, and so does one that never got its session. Requests are known from the
 * client's reports and from its messages on the wire; requests for a session are only on the wire. A client that
 * reports nothing (those of `raft-lab bench` keep their own ledger) is never judged, because its answers are unknown.
 */
import type { Named } from '../../trace/index.ts';
import { endsOf } from '../../vocabulary/index.ts';
import type { Handlers } from '../handlers.ts';

/** One client's wait. Times are microseconds of the run. */
export interface Wait {
  readonly client: string;
  /** The first request without an answer. */
  readonly sinceUs: number;
  /** The newest sign that the client still waited: a request, or giving an operation up. */
  readonly lastUs: number;
  /** The newest requested operation; null while the client requests a session. */
  readonly operation: string | null;
  /**
   * Whether the client gave an operation up. From then on only the answer to a command ends the wait, not a session.
   */
  readonly hasGivenUp: boolean;
  /** Whether the client gave an operation up and has sent nothing since. */
  readonly isIdle: boolean;
}

/** Maximum time that a client may be silent and still count as waiting, in microseconds. */
export interface Patience {
  /** Longest time between two requests for the same thing. */
  readonly retryUs: number;
  /** Longest time between giving an operation up and requesting the next. */
  readonly nextUs: number;
}

/** A wait that is over. `isAnswered`: an answer to a command ended it. */
export interface EndedWait {
  readonly wait: Wait;
  readonly untilUs: number;
  readonly isAnswered: boolean;
}

/** Observes a run's events in the order of the recording. */
export class Waits {
  /** Handlers of the events that show whether clients wait. Each returns the wait that its event ends, or null. */
  readonly handlers: Handlers<EndedWait | null, [Patience]> = {
    MessageSent: ({ kind, rpc, link, timeUs }, patience) => {
      const isAsked = kind === 'request' && (rpc === 'OpenSession' || rpc === 'Command');
      if (!isAsked) return null;
      const { from: asking } = endsOf(link);
      return this.#request(asking, timeUs, { operation: this.#underWay.get(asking) ?? null, patience });
    },
    CommandInvoked: ({ source: client, operation }) => {
      this.#reporting.add(client);
      this.#underWay.set(client, operation);
      return null;
    },
    CommandSent: ({ source: client, timeUs, operation }, patience) =>
      this.#request(client, timeUs, { operation, patience }),
    SessionOpened: ({ source: client, timeUs }) => {
      this.#reporting.add(client);
      return this.#of.get(client)?.hasGivenUp === true ? null : this.#end(client, timeUs, false);
    },
    CommandDone: (event) => this.#answered(event),
    CommandRefused: (event) => this.#answered(event),
    CommandUnknown: ({ source: client, timeUs, operation, reason }) => {
      this.#close(client, operation);
      if (reason === 'closed') return this.#end(client, timeUs, false);
      const wait = this.#of.get(client);
      const now = { operation, lastUs: timeUs, hasGivenUp: true, isIdle: true };
      if (wait !== undefined) this.#of.set(client, { ...wait, ...now });
      return null;
    },
    LabRestarted: () => {
      // The clients ran in the lab that ended.
      this.#of.clear();
      this.#underWay.clear();
      return null;
    },
  };
  readonly #of = new Map<string, Wait>();
  /** The operation of each client that was invoked and has no end yet; a client has one at a time. */
  readonly #underWay = new Map<string, string>();
  /** Clients that report their own events. */
  readonly #reporting = new Set<string>();
  /** When each client was last answered. A request that is observed later may be older than that. */
  readonly #answeredUs = new Map<string, number>();

  /** Yields every wait with the time until which its client waited, which is at most `atUs`. */
  *open(atUs: number): Generator<{ readonly wait: Wait; readonly untilUs: number }> {
    for (const wait of this.#of.values()) {
      if (!this.#reporting.has(wait.client)) continue;
      yield { wait, untilUs: this.#underWay.has(wait.client) ? atUs : Math.min(atUs, wait.lastUs) };
    }
  }

  #request(
    client: string,
    atUs: number,
    { operation, patience }: { readonly operation: string | null; readonly patience: Patience },
  ): EndedWait | null {
    if (atUs <= (this.#answeredUs.get(client) ?? -1)) return null;
    const wait = this.#of.get(client);
    const longestUs = wait?.isIdle === true ? patience.nextUs : patience.retryUs;
    if (wait !== undefined && atUs - wait.lastUs <= longestUs) {
      const [sinceUs, lastUs] = [Math.min(wait.sinceUs, atUs), Math.max(wait.lastUs, atUs)];
      this.#of.set(client, { ...wait, sinceUs, lastUs, operation: operation ?? wait.operation, isIdle: false });
      return null;
    }
    this.#of.set(client, { client, sinceUs: atUs, lastUs: atUs, operation, hasGivenUp: false, isIdle: false });
    if (wait === undefined || !this.#reporting.has(client)) return null;
    return { wait, untilUs: wait.lastUs, isAnswered: false };
  }

  #answered({ source: client, operation, timeUs }: Named<'CommandDone' | 'CommandRefused'>): EndedWait | null {
    this.#close(client, operation);
    return this.#end(client, timeUs, true);
  }

  #close(client: string, operation: string): void {
    if (this.#underWay.get(client) === operation) this.#underWay.delete(client);
  }

  #end(client: string, atUs: number, isAnswered: boolean): EndedWait | null {
    this.#answeredUs.set(client, atUs);
    const wait = this.#of.get(client);
    this.#of.delete(client);
    return wait === undefined ? null : { wait, untilUs: atUs, isAnswered };
  }
}
