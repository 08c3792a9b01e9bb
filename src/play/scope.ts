/**
 * Names and their values. A background part sees the names of the part that started it, and keeps the names that it
 * sets first to itself.
 */
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

  /** Sets a name in the scope that already has it, or else in this scope. */
  set(name: string, value: Value): void {
    (this.#holder(name) ?? this).#values.set(name, value);
  }

  /** Sets a name in this scope, also when an outer scope has it. */
  own(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  /** Sets a name in the scope that already has it, or else in the outermost scope. */
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
