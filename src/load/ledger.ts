/**
 * The ledger of one load client: session, sequence number and answer of each command, and which commands were sent more
 * than once. The bench later compares it with the servers' logs. Its input is the events of `src/client`.
 */
import type { EventBody } from '../core/wire/index.ts';

/** The record of one client, which sends one command at a time. */
export class Ledger {
  readonly #sessions = new Map<number, number[]>();
  readonly #repeated: (readonly [number, number])[] = [];
  #session: number | null = null;
  #sequence = 0;
  #sent = 0;

  /** Records an event of the client; ignores events without a session, sequence or attempt number. */
  heard({ event, session, sequence, attempt }: EventBody): void {
    if (event === 'CommandInvoked') {
      this.#session = typeof session === 'number' ? session : null;
      this.#sequence = typeof sequence === 'number' ? sequence : 0;
      this.#sent = 0;
    }
    if (event === 'CommandSent' && typeof attempt === 'number') this.#sent = attempt;
  }

  /**
   * Records the answer to the last invoked command.
   *
   * @param index  the command's index in the log; null after an unknown outcome or a refusal
   */
  answered(index: number | null): void {
    // A command without a session has no sequence number, so no log contains it.
    if (this.#session === null) return;
    const indexes = this.#sessions.get(this.#session) ?? [];
    this.#sessions.set(this.#session, indexes);
    indexes[this.#sequence - 1] = index ?? 0;
    if (this.#sent > 1) this.#repeated.push([this.#session, this.#sequence]);
  }

  get sessions(): readonly (readonly [number, readonly number[]])[] {
    return [...this.#sessions];
  }

  get repeated(): readonly (readonly [number, number])[] {
    return this.#repeated;
  }
}
