/** Facts in the order of their terms, found by binary search. The newest facts are kept. */

/** Facts with one term each; several may have the same. Beyond the bound, those of the lowest terms are forgotten. */
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

  /** Replaces the last fact of this term. Adds the fact if the term has none. */
  set(fact: Fact): void {
    const at = this.#firstAbove(fact.term) - 1;
    if (this.#facts[at]?.term === fact.term) this.#facts[at] = fact;
    else this.add(fact);
  }

  /** Adds a fact behind the other facts of its term. */
  add(fact: Fact): void {
    this.#facts.splice(this.#firstAbove(fact.term), 0, fact);
    if (this.#facts.length < 2 * this.#most) return;
    const forgotten = this.#facts.length - this.#most;
    this.#forgottenUpTo = Math.max(this.#forgottenUpTo, this.#facts[forgotten - 1]?.term ?? 0);
    this.#facts = this.#facts.slice(forgotten);
  }

  /** Returns the last added fact of this term. */
  of(term: number): Fact | undefined {
    const fact = this.#facts[this.#firstAbove(term) - 1];
    return fact?.term === term ? fact : undefined;
  }

  /** Returns the last added fact of the highest term below this one. */
  below(term: number): Fact | undefined {
    return this.#facts[this.#firstAbove(term - 1) - 1];
  }

  /** Returns the last added fact of the lowest term above this one. */
  above(term: number): Fact | undefined {
    const next = this.#facts[this.#firstAbove(term)];
    return next === undefined ? undefined : this.of(next.term);
  }

  /** Returns the facts with a term higher than `above` and not higher than `upTo`. */
  between(above: number, upTo: number): readonly Fact[] {
    return this.#facts.slice(this.#firstAbove(above), this.#firstAbove(upTo));
  }

  /** Whether a fact of a lower term was forgotten. */
  hasForgottenBelow(term: number): boolean {
    return this.#forgottenUpTo < term && this.#forgottenUpTo !== Number.NEGATIVE_INFINITY;
  }

  /** Position of the first fact above this term. The end is checked first: most added facts have the highest term. */
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
