/**
 * Retries a call on a file that another program holds for a moment, such as a virus scanner, an indexer or a cloud
 * folder. The system then refuses to rename, open or remove the file for some hundred milliseconds. The call is retried
 * with growing pauses; the last refusal is thrown.
 */
import { setTimeout as pause } from 'node:timers/promises';

/** Pauses before the retries, milliseconds; 630 in all. */
export const HELD_PAUSES_MS: readonly number[] = [10, 20, 40, 80, 160, 320];

const HELD_CODES: ReadonlySet<unknown> = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** The refusals and pauses before a call succeeded. */
export interface Held {
  /** The system's error code of the last refusal. */
  readonly code: string;
  /** Number of refused calls. */
  readonly refusals: number;
  /** Sum of the pauses, milliseconds. */
  readonly waitedMs: number;
}

/**
 * True for the error codes of a held file. The same codes are also returned for a file that is forbidden permanently.
 */
export function isHeld(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && HELD_CODES.has(error.code);
}

/** Retries the call until it succeeds. @throws the call's error when it is not a held file, or after the last pause */
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
 * Does the same synchronously, and blocks the thread during the pauses.
 *
 * @param onHeld  called once, when a call succeeded after a refusal
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
