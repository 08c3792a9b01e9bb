/** Latencies of one measured window, and their percentiles. */

/** Percentiles in milliseconds; null when nothing was measured. */
export interface Percentiles {
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
}

/** Returns the median, the 99th percentile and the maximum of these milliseconds. */
export function percentilesOf(latenciesMs: readonly number[]): Percentiles {
  const sorted = Float64Array.from(latenciesMs).sort();
  return { p50Ms: nearestRank(sorted, 50), p99Ms: nearestRank(sorted, 99), maxMs: sorted.at(-1) ?? null };
}

/** Returns the smallest value that at least this percentage of the values do not exceed (nearest rank). */
function nearestRank(sorted: Float64Array, percent: number): number | null {
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? null;
}
