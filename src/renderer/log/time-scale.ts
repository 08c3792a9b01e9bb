/** Places moments on a line from 0 to 1. Long idle times between them fold to a gap, so that near moments stay apart. */

/** A folded idle time: its place on the line, and its length in microseconds. */
export interface IdleGap {
  readonly from: number;
  readonly to: number;
  readonly lengthUs: number;
}

/** A line of time. */
export interface TimeScale {
  /** Place of a moment, 0 to 1. */
  at(timeUs: number): number;
  readonly gaps: readonly IdleGap[];
}

/** Share of the line that the gap of a folded idle time takes, and the share on each side of it, where bars are seen. */
const GAP_SHARE = 0.045;
const BESIDE_GAP = 0.06;
const FOLDED_SHARE = GAP_SHARE + 2 * BESIDE_GAP;
/** Smallest share of a time between two moments, and of all these shares together. */
const LEAST_SHARE = 0.04;
const LEAST_SHARES = 0.4;
/** An idle time folds when it is longer than all other unfolded times together, this many times. */
const FOLD_FACTOR = 2;
/** Shorter idle times never fold, in microseconds. */
const SHORTEST_FOLD_US = 5_000_000;

/** Lays out moments. @param momentsUs  in any order; the line begins at the first and ends at the last */
export function createTimeScale(momentsUs: readonly number[]): TimeScale {
  const moments = [...new Set(momentsUs)].sort((a, b) => a - b);
  const lengths = moments.slice(1).map((moment, at) => moment - (moments[at] ?? 0));
  const folded = foldedOf(lengths);
  const unfolded = lengths.reduce((sum, length, at) => (folded.has(at) ? sum : sum + length), 0);
  const steps = lengths.length - folded.size;
  const least = Math.min(LEAST_SHARE, LEAST_SHARES / Math.max(1, steps));
  const room = 1 - folded.size * FOLDED_SHARE - steps * least;
  const places = [0];
  for (const [at, length] of lengths.entries()) {
    const share = folded.has(at) ? FOLDED_SHARE : least + (length / unfolded) * room;
    places.push((places.at(-1) ?? 0) + share);
  }
  return {
    at(timeUs) {
      const next = moments.findIndex((moment) => moment >= timeUs);
      if (next === 0 || moments.length === 0) return 0;
      if (next < 0) return places.at(-1) ?? 0;
      const [from = 0, to = 0] = [places[next - 1], places[next]];
      const [fromUs = 0, toUs = 1] = [moments[next - 1], moments[next]];
      return from + ((timeUs - fromUs) / (toUs - fromUs)) * (to - from);
    },
    gaps: [...folded]
      .sort((a, b) => a - b)
      .map((at) => ({
        from: (places[at] ?? 0) + BESIDE_GAP,
        to: (places[at + 1] ?? 0) - BESIDE_GAP,
        lengthUs: lengths[at] ?? 0,
      })),
  };
}

/** Positions of the lengths to fold: the longest first, as long as it exceeds the others by far. */
function foldedOf(lengths: readonly number[]): ReadonlySet<number> {
  const folded = new Set<number>();
  const byLength = [...lengths.entries()].sort(([, a], [, b]) => b - a);
  for (const [at, length] of byLength) {
    const others = lengths.reduce((sum, other, place) => (place === at || folded.has(place) ? sum : sum + other), 0);
    if (others === 0 || length < SHORTEST_FOLD_US || length <= FOLD_FACTOR * others) break;
    folded.add(at);
  }
  return folded;
}
