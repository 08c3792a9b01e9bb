/**
 * A file that another program holds for a moment: a virus scanner, an indexer, a cloud folder. The system then refuses to
 * rename, open or remove it, and some hundred milliseconds later it does not. So the call is made again, with growing
 * pauses; a file that is held longer, or that is refused for good, fails with the system's own error.
 */
import { setTimeout as pause } from 'node:timers/promises';

/** Pauses before the second call and those after it, milliseconds: 630 in all. */
export const HELD_PAUSES_MS: readonly number[] = [10, 20, 40, 80, 160, 320];

const HELD_CODES: ReadonlySet<unknown> = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** How often a call was made again before it was let through, and how long that took. */
export interface Held {
  /** The system's code of the last refusal. */
  readonly code: string;
  /** Refused calls. */
  readonly refusals: number;
  /** Sum of the pauses, milliseconds. */
  readonly waitedMs: number;
}

/** True for the codes by which a system says that a file is held; also those of a file that is forbidden for good. */
export function isHeld(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && HELD_CODES.has(error.code);
}

/** Makes the call until it is let through. @throws what it throws when it is refused for good */
export async function whenFree<Value>(act: () => Promise<Value>): Promise<Value> {
  for (const ms of HELD_PAUSES_MS) {
    try {
      return await act();
    } catch (error) {
      if (!isHeld(error)) throw error;
      await pause(ms);
    }
  }
  return await act();
}

/**
 * The same on the thread, which stands still meanwhile.
 *
 * @param onHeld  told once, when a call was let through that had been refused
 */
export function whenFreeSync<Value>(act: () => Value, onHeld: (held: Held) => void, wait = waitSync): Value {
  let code = '';
  let refusals = 0;
  let waitedMs = 0;
  for (;;) {
    try {
      const value = act();
      if (refusals > 0) onHeld({ code, refusals, waitedMs });
      return value;
    } catch (error) {
      const ms = HELD_PAUSES_MS[refusals];
      if (!isHeld(error) || ms === undefined) throw error;
      ({ code } = error);
      refusals += 1;
      waitedMs += ms;
      wait(ms);
    }
  }
}

function waitSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
