/**
 * Random numbers with a seed for the randomised tests: the same seed gives the same numbers, so a failure can be
 * repeated.
 */

export interface Random {
  /** Returns an integer n with 0 ≤ n < limit. */
  below(limit: number): number;
  chance(share: number): boolean;
  /** Returns one of the items, each with equal probability. */
  of<Item>(items: readonly Item[]): Item;
}

export function randomFrom(seed: number): Random {
  let word = (seed ^ 0x9e3779b9) >>> 0;
  const next = (): number => {
    word = (word + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(word ^ (word >>> 15), word | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (limit) => Math.floor(next() * limit),
    chance: (share) => next() < share,
    of: <Item>(items: readonly Item[]) => items[Math.floor(next() * items.length)] as Item,
  };
}
