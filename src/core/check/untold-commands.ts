/**
 * Committed commands whose answer no client has received. Each is kept with the answer the log produces, to compare with
 * one that may still come, and with its log index, for the history of commands that are never answered.
 */
import { type Answer, answerBytes } from './answer.ts';
import { BoundedMap } from './bounded-map.ts';
import { factBytes, RECORD_BYTES } from './bytes.ts';
import type { Made } from './store-model.ts';

/** A number of a session as the log first applied it. */
export interface Untold {
  /** null when it rests on a key that was forgotten. */
  readonly result: Answer | null;
  readonly index: number;
}

/** The newest 100,000. */
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
