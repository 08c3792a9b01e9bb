/**
 * Random numbers as data: one 32-bit word in the state, advanced by xorshift. The same seed gives the same timeouts, so
 * a simulated run can be repeated.
 */

/** Returns the next word (Marsaglia's xorshift, shifts 13, 17, 5). It is never 0 for a word other than 0. */
export function nextRandom(word: number): number {
  let next = word;
  next ^= next << 13;
  next ^= next >>> 17;
  next ^= next << 5;
  return next >>> 0;
}

/**
 * Returns the first word of a server's life. It depends on the id, so that servers with the same seed draw different
 * timeouts. It depends on term and log length, so that a restarted server does not repeat the draws of its last life.
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
  // xorshift would stay at 0 for ever.
  return word === 0 ? 1 : word;
}
