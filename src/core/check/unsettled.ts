/**
 * Facts about a place in the log whose counterpart was forgotten. The chain covers the whole log below, so they are proved
 * as soon as the same source names a chain further up that agrees with what is still known; else they stay unknown.
 */
import { MAP_ENTRY_BYTES, RECORD_BYTES } from './bytes.ts';
import type { Account } from './verdict.ts';

export class Unsettled {
  readonly #account: Account;
  readonly #of = new Map<string, { readonly count: number; readonly upTo: number }>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** A fact of this source at this index cannot be compared. */
  add(source: string, index: number): void {
    const { count, upTo } = this.#of.get(source) ?? { count: 0, upTo: 0 };
    this.#of.set(source, { count: count + 1, upTo: Math.max(upTo, index) });
  }

  /** This source's log agrees with the others' up to this index. */
  agrees(source: string, index: number): void {
    const known = this.#of.get(source);
    if (known === undefined || index < known.upTo) return;
    this.#of.delete(source);
    for (let at = 0; at < known.count; at += 1) this.#account.examined();
  }

  /** This source's log changes: what was not proved by now never will be. */
  giveUp(source: string): void {
    this.#account.unknown('forgotten', this.#of.get(source)?.count ?? 0);
    this.#of.delete(source);
  }

  /** The run is over. */
  finish(): void {
    for (const source of [...this.#of.keys()]) this.giveUp(source);
  }

  keptBytes(): number {
    return this.#of.size * (MAP_ENTRY_BYTES + RECORD_BYTES);
  }
}
