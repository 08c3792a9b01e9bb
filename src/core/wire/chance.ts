/**
 * Random draws for links and random faults. Each stream depends only on a seed and its name, so a seed gives the same
 * draws to the same messages, independent of the traffic on other links.
 */

/** Returns the next draw, in [0, 1). */
export type Chance = () => number;

/**
 * Creates a stream of draws.
 *
 * @param seed  of the run, a 32-bit number
 * @param name  of the stream; different names give independent streams
 */
export function createChance(seed: number, name: string): Chance {
  // FNV-1a hashes the name. A Weyl sequence then gives words, which are mixed (SplitMix32).
  let word = (seed ^ 0x811c9dc5) >>> 0;
  for (const unit of name) word = Math.imul(word ^ (unit.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return () => {
    word = (word + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
