/**
 * The ledger of one load client: session and sequence of each command, what was answered, and which commands were sent
 * more than once. The bench compares it with the servers' logs afterwards. Fed by the events of `src/client`.
 */
import type { EventBody } from '../core/wire/index.ts';

/** Empty at first; one command at a time. */
export class Ledger {
  readonly #sessions = new Map<number, number[]>();
  readonly #repeated: (readonly [number, number])[] = [];
  #session: number | null = null;
  #sequence = 0;
  #sent = 0;

  /** Takes an event of the client; those that say nothing about numbers are passed over. */
  heard({ event, session, sequence, attempt }: EventBody): void {
    if (event === 'CommandInvoked') {
      this.#session = typeof session === 'number' ? session : null;
      this.#sequence = typeof sequence === 'number' ? sequence : 0;
      this.#sent = 0;
    }
    if (event === 'CommandSent' && typeof attempt === 'number') this.#sent = attempt;
  }

  /**
   * Notes the answer of the command that was invoked last.
   *
   * @param index  where it stands in the log; null when the answer was unknown or a refusal
   */
  answered(index: number | null): void {
    // Without a session the command was never numbered, so it is in no log.
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
