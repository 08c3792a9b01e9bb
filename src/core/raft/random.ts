/**
 * Chance as data: one 32-bit word in the state, stepped by xorshift. The same seed gives the same timeouts,
 * which is what makes a simulated run repeatable.
 */

/** The next word; never 0 for a word that is not 0 (Marsaglia's xorshift, shifts 13, 17, 5). */
export function nextRandom(word: number): number {
  let next = word;
  next ^= next << 13;
  next ^= next >>> 17;
  next ^= next << 5;
  return next >>> 0;
}

/**
 * The first word of a server's life. The id goes in, so that servers given one seed do not draw equal timeouts;
 * the term and log length go in, so that a restarted server does not repeat its last life's draws.
 */
export function seedWord(seed: number, parts: readonly (string | number)[]): number {
  let word = (seed >>> 0) ^ 0x9e3779b9;
  const text = parts.join('/');
  for (let at = 0; at < text.length; at++) {
    word = Math.imul(word ^ text.charCodeAt(at), 0x01000193);
    word ^= word >>> 15;
  }
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = (word ^ (word >>> 13)) >>> 0;
  // xorshift stands still at 0.
  return word === 0 ? 1 : word;
}
