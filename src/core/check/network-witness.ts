/** Whether the network reported all that it carried: one that was killed, or whose lab was, may have kept its last events. */
import type { EventName, TraceEvent } from '../trace/index.ts';

export const TELLS_NETWORK_ENDS: readonly EventName[] = ['NetworkSpawned', 'NetworkExited', 'LabRestarted'];

export class NetworkWitness {
  #isRunning = false;
  #hasHole = false;

  observe(event: TraceEvent): void {
    if (event.event === 'NetworkSpawned') this.#isRunning = true;
    else if (event.event === 'LabRestarted') this.#hasHole = true;
    else if (event.event === 'NetworkExited') {
      this.#isRunning = false;
      this.#hasHole ||= event.cause === 'not-ordered' || event.signal === 'SIGKILL';
    }
  }

  /** @param isOver  no further event is heard, so a network that still runs has not reported its last */
  mayMiss(isOver: boolean): boolean {
    return this.#hasHole || (isOver && this.#isRunning);
  }
}
