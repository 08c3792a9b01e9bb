/** Names and their values. A background part sees what its surroundings know, and what it names first is its own. */
import type { Value } from '../core/scenario/index.ts';

export class Scope {
  readonly #outer: Scope | null;
  readonly #values = new Map<string, Value>();

  constructor(outer: Scope | null = null) {
    this.#outer = outer;
  }

  get(name: string): Value | undefined {
    return this.#values.get(name) ?? this.#outer?.get(name);
  }

  /** Where the name is known, or else here. */
  set(name: string, value: Value): void {
    (this.#holder(name) ?? this).#values.set(name, value);
  }

  /** Here, whatever the surroundings call so. */
  own(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  /** Where everybody sees it. */
  share(name: string, value: Value): void {
    const holder = this.#holder(name);
    if (holder !== null) holder.#values.set(name, value);
    else this.#root().#values.set(name, value);
  }

  #holder(name: string): Scope | null {
    if (this.#values.has(name)) return this;
    return this.#outer === null ? null : this.#outer.#holder(name);
  }

  #root(): Scope {
    return this.#outer === null ? this : this.#outer.#root();
  }
}
