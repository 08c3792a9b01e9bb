/**
 * Several Readys as one, so that everything a driver stepped while a write was running becomes one write: group
 * commit. Persisting the merged batch leaves the disk exactly as persisting the parts one after the other would.
 */

import type { LogEntry, LogIndex } from '../vocabulary/index.ts';
import type { HardState, Persist, Ready } from './ready.ts';

/** A Ready that asks for nothing. */
export function emptyReady(): Ready {
  return { send: [], persist: null, sendAfterPersist: [], apply: [], replies: [], events: [] };
}

/** All of them in order as one Ready; O(what they hold). */
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
 * The later hard state wins. A later truncation first takes back entries of this batch that never reached the
 * disk; only if it goes below them does it cut the disk itself.
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

/** Drops entries of the batch from `from` on and gives the batch's own truncation after that. */
function takeBack(entries: LogEntry[], from: LogIndex, truncateFrom: LogIndex | null): LogIndex | null {
  const first = entries[0]?.index ?? Number.POSITIVE_INFINITY;
  if (from >= first) {
    entries.length = Math.min(entries.length, from - first);
    return truncateFrom;
  }
  entries.length = 0;
  return Math.min(from, truncateFrom ?? from);
}
