/** Majorities of one fixed set of voters. Joint configurations (§4.3) will be answered here when membership comes. */
import type { LogIndex } from '../vocabulary/index.ts';

/** How many of `voterCount` servers are a majority. */
export function quorumSize(voterCount: number): number {
  return Math.floor(voterCount / 2) + 1;
}

/**
 * Highest index that a majority has.
 *
 * @param matchIndexes log index per voter, the leader's own durable index included
 */
export function quorumIndex(matchIndexes: readonly LogIndex[]): LogIndex {
  const descending = [...matchIndexes].sort((a, b) => b - a);
  return descending[quorumSize(matchIndexes.length) - 1] ?? 0;
}
