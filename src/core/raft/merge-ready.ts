/**
 * Merges several Readys into one, so that a driver makes one write for all steps of a turn (group commit). Persisting
 * the merged batch leaves the disk exactly as persisting the parts one after the other would.
 */

import type { LogEntry, LogIndex } from '../vocabulary/index.ts';
import type { HardState, Persist, Ready } from './ready.ts';

/** Returns a Ready without any work. */
export function emptyReady(): Ready {
  return { send: [], persist: null, sendAfterPersist: [], apply: [], replies: [], events: [] };
}

/** Returns all Readys as one, in order. Costs O(size of their content). */
export function mergeReadys(readys: readonly Ready[]): Ready {
  const [only] = readys;
  if (only !== undefined && readys.length === 1) {
    return only;
  }
  return {
    send: readys.flatMap((ready) => ready.send),
    persist: mergePersists(readys.map((ready) => ready.persist)),
    sendAfterPersist: readys.flatMap((ready) => ready.sendAfterPersist),
    apply: readys.flatMap((ready) => ready.apply),
    replies: readys.flatMap((ready) => ready.replies),
    events: readys.flatMap((ready) => ready.events),
  };
}

/**
 * Merges the batches for the disk. The later hard state wins. A later truncation first removes entries of this batch,
 * which never reached the disk; it truncates the disk only when it begins below them.
 */
function mergePersists(parts: readonly (Persist | null)[]): Persist | null {
  let hardState: HardState | null = null;
  let truncateFrom: LogIndex | null = null;
  const entries: LogEntry[] = [];
  let isEmpty = true;
  for (const part of parts) {
    if (part === null) {
      continue;
    }
    isEmpty = false;
    hardState = part.hardState ?? hardState;
    if (part.truncateFrom !== null) {
      truncateFrom = takeBack(entries, part.truncateFrom, truncateFrom);
    }
    for (const entry of part.entries) {
      entries.push(entry);
    }
  }
  return isEmpty ? null : { hardState, truncateFrom, entries };
}

/** Removes the batch's entries at or above `from`. Returns the truncation that the disk then needs. */
function takeBack(entries: LogEntry[], from: LogIndex, truncateFrom: LogIndex | null): LogIndex | null {
  const first = entries[0]?.index ?? Number.POSITIVE_INFINITY;
  if (from >= first) {
    entries.length = Math.min(entries.length, from - first);
    return truncateFrom;
  }
  entries.length = 0;
  return Math.min(from, truncateFrom ?? from);
}
