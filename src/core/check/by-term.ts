/** Facts in the order of their terms: the newest ones, found by term without a walk. */

/** Facts with one term each; several may have the same. Those of the lowest terms are forgotten beyond the bound. */
export class ByTerm<Fact extends { readonly term: number }> {
  #facts: Fact[] = [];
  #forgottenUpTo = Number.NEGATIVE_INFINITY;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#facts.length;
  }

  /** Instead of the one of its term, if there is one. */
  set(fact: Fact): void {
    const at = this.#firstAbove(fact.term) - 1;
    if (this.#facts[at]?.term === fact.term) this.#facts[at] = fact;
    else this.add(fact);
  }

  /** Behind those of its term. */
  add(fact: Fact): void {
    this.#facts.splice(this.#firstAbove(fact.term), 0, fact);
    if (this.#facts.length < 2 * this.#most) return;
    const forgotten = this.#facts.length - this.#most;
    this.#forgottenUpTo = Math.max(this.#forgottenUpTo, this.#facts[forgotten - 1]?.term ?? 0);
    this.#facts = this.#facts.slice(forgotten);
  }

  /** The last one that was added with this term. */
  of(term: number): Fact | undefined {
    const fact = this.#facts[this.#firstAbove(term) - 1];
    return fact?.term === term ? fact : undefined;
  }

  /** The last one that was added with the highest term below this one. */
  below(term: number): Fact | undefined {
    return this.#facts[this.#firstAbove(term - 1) - 1];
  }

  /** The last one that was added with the lowest term above this one. */
  above(term: number): Fact | undefined {
    const next = this.#facts[this.#firstAbove(term)];
    return next === undefined ? undefined : this.of(next.term);
  }

  /** Those above one term, up to another. */
  between(above: number, upTo: number): readonly Fact[] {
    return this.#facts.slice(this.#firstAbove(above), this.#firstAbove(upTo));
  }

  /** Whether one of a lower term was forgotten. */
  hasForgottenBelow(term: number): boolean {
    return this.#forgottenUpTo < term && this.#forgottenUpTo !== Number.NEGATIVE_INFINITY;
  }

  /** Where the facts above this term begin. Most that come have the highest term. */
  #firstAbove(term: number): number {
    const facts = this.#facts;
    if ((facts.at(-1)?.term ?? Number.NEGATIVE_INFINITY) <= term) return facts.length;
    let [low, high] = [0, facts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((facts[middle]?.term ?? 0) <= term) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
