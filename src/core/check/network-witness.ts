/**
 * Whether the network reported every message that it carried. A killed network process, or one whose lab was killed,
 * may not have reported its last messages. A trace without a network shows nothing about messages.
 */
import type { Named } from '../trace/index.ts';
import type { Handlers } from './handlers.ts';

export class NetworkWitness {
  readonly handlers: Handlers = {
    MessageSent: (event) => this.#hear(event),
    NetworkSpawned: () => {
      this.#isRunning = true;
      this.#isHeardOf = true;
    },
    NetworkExited: ({ cause, signal }) => {
      this.#isRunning = false;
      this.#hasHole ||= cause === 'not-ordered' || signal === 'SIGKILL';
    },
    LabRestarted: () => {
      this.#hasHole = true;
    },
  };
  #isRunning = false;
  #hasHole = false;
  #isHeardOf = false;
  /** Whether a reply lacked the field that shows what it grants. Then it is unknown who granted what. */
  #isVague = false;

  /**
   * Whether the network reported every message that was sent. Events lost on the way to the recording do not count.
   *
   * @param isOver  the run is over
   */
  toldAll(isOver: boolean): boolean {
    return this.#isHeardOf && !this.#isVague && !this.mayMiss(isOver);
  }

  /** Whether messages may be unreported. @param isOver  the run is over, so a running network reports no more */
  mayMiss(isOver: boolean): boolean {
    return this.#hasHole || (isOver && this.#isRunning);
  }

  #hear({ rpc, kind, voteGranted, success, matchIndex }: Named<'MessageSent'>): void {
    this.#isHeardOf = true;
    if (kind !== 'reply') return;
    if (rpc === 'RequestVote') this.#isVague ||= voteGranted === undefined;
    if (rpc === 'AppendEntries') this.#isVague ||= success === undefined || (success && matchIndex === undefined);
  }
}
