/**
 * A set of 64-bit fingerprints of visited states, 8 bytes each. If two different states had the same fingerprint, the
 * second would not be visited. Among n states this happens with a probability of about n² / 2⁶⁵ (3 in a million for ten
 * million states).
 *
 * @source Yu, Manolios, Lamport: Model Checking TLA+ Specifications (1999), §3: TLC keeps fingerprints too
 */
export class Fingerprints {
  private words = new Uint32Array(2 * 1024);
  size = 0;

  /**
   * Adds a fingerprint.
   *
   * @returns whether it was new
   */
  add(high: number, low: number): boolean {
    if (2 * (this.size + 1) > this.words.length / 2) this.grow();
    const slot = slotOf(this.words, high, low);
    if (this.words[slot] !== 0 || this.words[slot + 1] !== 0) return false;
    this.words[slot] = high;
    this.words[slot + 1] = low;
    this.size += 1;
    return true;
  }

  private grow(): void {
    const old = this.words;
    this.words = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) {
      const high = old[at] ?? 0;
      const low = old[at + 1] ?? 0;
      if (high === 0 && low === 0) continue;
      const slot = slotOf(this.words, high, low);
      this.words[slot] = high;
      this.words[slot + 1] = low;
    }
  }
}

/**
 * Returns the slot of a fingerprint, or the empty slot for it. A slot with both words 0 is empty; see `fingerprintOf`.
 */
function slotOf(words: Uint32Array, high: number, low: number): number {
  const mask = words.length - 1;
  let slot = (low << 1) & mask;
  while (words[slot] !== high || words[slot + 1] !== low) {
    if (words[slot] === 0 && words[slot + 1] === 0) return slot;
    slot = (slot + 2) & mask;
  }
  return slot;
}

/** Returns two independent 32-bit hashes of a list of small integers. They are never both 0. */
export function fingerprintOf(numbers: readonly number[]): { readonly high: number; readonly low: number } {
  let high = 0x9e3779b9;
  let low = 0x85ebca6b;
  for (const number of numbers) {
    high = Math.imul(high ^ number, 0xcc9e2d51);
    high ^= high >>> 15;
    low = Math.imul(low ^ (number + 0x7f4a7c15), 0x1b873593);
    low ^= low >>> 13;
  }
  high = mixed(high);
  low = mixed(low ^ numbers.length);
  return { high: high === 0 && low === 0 ? 1 : high, low };
}

function mixed(word: number): number {
  let next = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  next = Math.imul(next ^ (next >>> 13), 0xc2b2ae35);
  return (next ^ (next >>> 16)) >>> 0;
}
