/**
 * Whether the network reported all that it carried: one that was killed, or whose lab was, may have kept its last events. A
 * trace in which no network is heard of says nothing of what crossed it.
 */
import type { EventName, TraceEvent } from '../trace/index.ts';

/** Heard beside messages. */
export const TELLS_NETWORK_ENDS: readonly EventName[] = ['NetworkSpawned', 'NetworkExited', 'LabRestarted'];

export class NetworkWitness {
  #isRunning = false;
  #hasHole = false;
  #isHeardOf = false;
  /** A reply without the field that says what it grants: who sent what is not known then. */
  #isVague = false;

  observe(event: TraceEvent): void {
    if (event.event === 'MessageSent') this.#hear(event);
    else if (event.event === 'NetworkSpawned') {
      this.#isRunning = true;
      this.#isHeardOf = true;
    } else if (event.event === 'LabRestarted') this.#hasHole = true;
    else if (event.event === 'NetworkExited') {
      this.#isRunning = false;
      this.#hasHole ||= event.cause === 'not-ordered' || event.signal === 'SIGKILL';
    }
  }

  /**
   * Whether a message that was not reported was never sent. What was lost on the way to the recording is not looked at here.
   *
   * @param isOver  no further event is heard
   */
  toldAll(isOver: boolean): boolean {
    return this.#isHeardOf && !this.#isVague && !this.mayMiss(isOver);
  }

  /** @param isOver  no further event is heard, so a network that still runs has not reported its last */
  mayMiss(isOver: boolean): boolean {
    return this.#hasHole || (isOver && this.#isRunning);
  }

  #hear({ rpc, kind, voteGranted, success, matchIndex }: Extract<TraceEvent, { readonly event: 'MessageSent' }>): void {
    this.#isHeardOf = true;
    if (kind !== 'reply') return;
    if (rpc === 'RequestVote') this.#isVague ||= voteGranted === undefined;
    if (rpc === 'AppendEntries') this.#isVague ||= success === undefined || (success && matchIndex === undefined);
  }
}
