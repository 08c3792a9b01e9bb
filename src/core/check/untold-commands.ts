/**
 * Committed commands whose answer no client has received. Each is kept with the answer that the log produces and with
 * its log index. An answer that still comes is compared with the kept one. The log index gives a command without an
 * answer its place in the history of the clients.
 */
import { type Answer, answerBytes } from './answer.ts';
import { BoundedMap } from './bounded-map.ts';
import { factBytes, RECORD_BYTES } from './bytes.ts';
import type { Made } from './store-model.ts';

/** A number of a session, as the log first applied it. */
export interface Untold {
  /** The answer; null when it depends on a forgotten key. */
  readonly result: Answer | null;
  readonly index: number;
}

/** Keeps the newest 100,000 commands. */
export class UntoldCommands {
  readonly #of = new BoundedMap<string, Untold>();
  #bytes = 0;

  add({ session, sequence, result }: Made, index: number): void {
    const untold = { result, index };
    this.#bytes += bytesOf(untold);
    const forgotten = this.#of.set(nameOf(session, sequence), untold);
    if (forgotten !== undefined) this.#bytes -= bytesOf(forgotten);
  }

  /** Removes a command whose client has received its answer. */
  take(session: number, sequence: number): Untold | undefined {
    const name = nameOf(session, sequence);
    const untold = this.#of.get(name);
    if (untold === undefined) return undefined;
    this.#of.delete(name);
    this.#bytes -= bytesOf(untold);
    return untold;
  }

  /** Log index of a command; null when it is not committed, already answered, or forgotten. */
  indexOf(session: number, sequence: number): number | null {
    return this.#of.get(nameOf(session, sequence))?.index ?? null;
  }

  keptBytes(): number {
    return this.#bytes;
  }
}

function nameOf(session: number, sequence: number): string {
  return `${session}:${sequence}`;
}

const FACT_BYTES = factBytes({ names: 1 });

function bytesOf({ result }: Untold): number {
  return FACT_BYTES + (result === null ? 0 : RECORD_BYTES + answerBytes(result));
}
