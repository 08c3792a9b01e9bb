/** Medians and the spread of a ratio, as `bench --against` prints them. Pure. */

/** An interval that holds the median of the sampled distribution. */
export interface Spread {
  readonly low: number;
  readonly high: number;
  /**
   * Probability that the interval holds the median, 0–1, for every distribution; below 0.95 with fewer than six values.
   */
  readonly confidence: number;
}

const WANTED_CONFIDENCE = 0.95;

/** Returns the middle value, or the mean of the two middle ones; null for no values. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/**
 * Returns the narrowest interval from the k-th smallest to the k-th largest value that holds the median with at least
 * 95 % (the interval of the sign test: each value is below the median with probability one half). With ten values it
 * reaches from the second smallest to the second largest. With fewer than six values no such interval exists, so the
 * smallest and the largest value are returned.
 *
 * @returns null for no values
 */
export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = values.toSorted((a, b) => a - b);
  let rank = 1;
  while (2 * (rank + 1) <= sorted.length && confidenceOf(sorted.length, rank + 1) >= WANTED_CONFIDENCE) rank += 1;
  const [low, high] = [sorted[rank - 1], sorted.at(-rank)];
  if (low === undefined || high === undefined) return null;
  return { low, high, confidence: confidenceOf(sorted.length, rank) };
}

/**
 * Returns the probability that the median is between the rank-th smallest and the rank-th largest of `count` values.
 */
function confidenceOf(count: number, rank: number): number {
  let outside = 0;
  let ways = 1;
  for (let below = 0; below < rank; below += 1) {
    outside += ways;
    ways = (ways * (count - below)) / (below + 1);
  }
  return 1 - (2 * outside) / 2 ** count;
}
