/**
 * Facts about an index of the log whose counterpart was forgotten. A chain covers the whole log below it. So these
 * facts are proved as soon as the same source reports a higher chain that agrees with a known one. Otherwise they stay
 * unknown.
 */
import { MAP_ENTRY_BYTES, RECORD_BYTES } from './bytes.ts';
import type { Account } from './verdict.ts';

export class Unsettled {
  readonly #account: Account;
  readonly #of = new Map<string, { readonly count: number; readonly upTo: number }>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Adds a fact of this source that cannot be compared. */
  add(source: string, index: number): void {
    const { count, upTo } = this.#of.get(source) ?? { count: 0, upTo: 0 };
    this.#of.set(source, { count: count + 1, upTo: Math.max(upTo, index) });
  }

  /** Proves the source's facts: its log agrees with the others up to this index. */
  agrees(source: string, index: number): void {
    const known = this.#of.get(source);
    if (known === undefined || index < known.upTo) return;
    this.#of.delete(source);
    for (let at = 0; at < known.count; at += 1) this.#account.examined();
  }

  /** Counts the source's facts as unknown: its log changes, so they can no longer be proved. */
  giveUp(source: string): void {
    this.#account.unknown('forgotten', this.#of.get(source)?.count ?? 0);
    this.#of.delete(source);
  }

  /** Counts all remaining facts as unknown, at the end of the run. */
  finish(): void {
    for (const source of [...this.#of.keys()]) this.giveUp(source);
  }

  keptBytes(): number {
    return this.#of.size * (MAP_ENTRY_BYTES + RECORD_BYTES);
  }
}
