/**
 * Majorities of one fixed set of voters. Joint configurations (§4.3) will be handled here when membership changes are
 * built.
 */
import type { LogIndex } from '../vocabulary/index.ts';

/** Returns the number of servers that form a majority of `voterCount`. */
export function quorumSize(voterCount: number): number {
  return Math.floor(voterCount / 2) + 1;
}

/**
 * Returns the highest index that a majority stores.
 *
 * @param matchIndexes log index per voter, the leader's own durable index included
 */
export function quorumIndex(matchIndexes: readonly LogIndex[]): LogIndex {
  const descending = [...matchIndexes].sort((a, b) => b - a);
  return descending[quorumSize(matchIndexes.length) - 1] ?? 0;
}
