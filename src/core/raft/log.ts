/**
 * The log as an immutable value: sealed segments and a short tail, which newer versions share. An append copies only
 * the tail, a truncation changes one segment, and an index is found by arithmetic. Terms never fall along a log, so a
 * term is found by binary search. When snapshots are built, `termAt` will return null for entries below an offset.
 */

import type { Chain, EntryId, LogEntry, LogIndex, Term, TermRun } from '../vocabulary/index.ts';
import { GENESIS_CHAIN } from './chain.ts';
import { assertInvariant } from './invariant.ts';
import type { RaftLog } from './state.ts';

/** Number of entries in a sealed segment. It is small, because every append copies a tail of up to this size. */
export const SEGMENT_ENTRIES = 128;

/** A log without entries. */
export const EMPTY_LOG: RaftLog = { segments: [], tail: [] };

/**
 * Builds a log from all of its entries.
 *
 * @throws InvariantError when indexes do not run 1, 2, 3, … or terms fall
 */
export function logOf(entries: readonly LogEntry[]): RaftLog {
  return append(EMPTY_LOG, entries);
}

/** Index of the last entry; 0 for an empty log. */
export function lastIndex(log: RaftLog): LogIndex {
  return log.segments.length * SEGMENT_ENTRIES + log.tail.length;
}

/** Term and index of the last entry; both 0 for an empty log. */
export function lastEntryId(log: RaftLog): EntryId {
  const last = entryAt(log, lastIndex(log));
  return last === undefined ? { index: 0, term: 0 } : { index: last.index, term: last.term };
}

/** The entry at an index, or undefined when the log has none there. */
export function entryAt(log: RaftLog, index: LogIndex): LogEntry | undefined {
  const position = index - 1;
  const sealed = log.segments.length * SEGMENT_ENTRIES;
  return position >= sealed
    ? log.tail[position - sealed]
    : log.segments[Math.floor(position / SEGMENT_ENTRIES)]?.[position % SEGMENT_ENTRIES];
}

/** Term at an index; 0 at index 0, null where the log has no entry (0 is never the term of an entry, rule L7). */
export function termAt(log: RaftLog, index: LogIndex): Term | null {
  return index === 0 ? 0 : (entryAt(log, index)?.term ?? null);
}

/**
 * Term at an index the log has, or 0 at index 0.
 *
 * @throws InvariantError when the log has no entry there
 */
export function knownTermAt(log: RaftLog, index: LogIndex): Term {
  const term = termAt(log, index);
  assertInvariant(term !== null, () => `no term at index ${index}: the log ends at ${lastIndex(log)}`);
  return term;
}

/**
 * Chain at an index; GENESIS_CHAIN at index 0.
 *
 * @throws InvariantError when the log has no entry there
 */
export function chainAt(log: RaftLog, index: LogIndex): Chain {
  if (index === 0) {
    return GENESIS_CHAIN;
  }
  const entry = entryAt(log, index);
  assertInvariant(entry !== undefined, () => `no chain at index ${index}: the log ends at ${lastIndex(log)}`);
  return entry.chain;
}

/**
 * Returns the log with `entries` appended. Costs O(entries + tail).
 *
 * @throws InvariantError when the entries do not continue the log or a term falls
 */
export function append(log: RaftLog, entries: readonly LogEntry[]): RaftLog {
  if (entries.length === 0) {
    return log;
  }
  assertContinues(log, entries);
  const tail = log.tail.concat(entries);
  if (tail.length < SEGMENT_ENTRIES) {
    return { segments: log.segments, tail };
  }
  const segments = log.segments.slice();
  let sealed = 0;
  for (; tail.length - sealed >= SEGMENT_ENTRIES; sealed += SEGMENT_ENTRIES) {
    segments.push(tail.slice(sealed, sealed + SEGMENT_ENTRIES));
  }
  return { segments, tail: tail.slice(sealed) };
}

/** Returns the log without the entries at or above `index`. Changes one segment and the list of segments. */
export function truncateFrom(log: RaftLog, index: LogIndex): RaftLog {
  if (index > lastIndex(log)) {
    return log;
  }
  const keep = Math.max(0, index - 1);
  const whole = Math.floor(keep / SEGMENT_ENTRIES);
  if (whole >= log.segments.length) {
    return { segments: log.segments, tail: log.tail.slice(0, keep - log.segments.length * SEGMENT_ENTRIES) };
  }
  const opened = log.segments.slice(whole, whole + 1).flat();
  return { segments: log.segments.slice(0, whole), tail: opened.slice(0, keep % SEGMENT_ENTRIES) };
}

/** Returns entries `first` … `last`, both included; costs O(result). */
export function entriesBetween(log: RaftLog, first: LogIndex, last: LogIndex): LogEntry[] {
  const found: LogEntry[] = [];
  for (let index = Math.max(1, first); index <= last; index++) {
    const entry = entryAt(log, index);
    if (entry === undefined) {
      break;
    }
    found.push(entry);
  }
  return found;
}

/** Returns all entries. Costs O(log), so only start-up, tests and tools use it. */
export function allEntries(log: RaftLog): LogEntry[] {
  return [...log.segments.flat(), ...log.tail];
}

/** Returns the first index from which every entry up to `limit` has a term ≥ `term`; O(log₂ n). */
export function firstIndexOfTerm(log: RaftLog, term: Term, limit: LogIndex): LogIndex {
  let low = 1;
  let high = limit;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (knownTermAt(log, middle) >= term) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/** Last index at or below `limit` whose entry has exactly `term`; null when no entry has it; O(log₂ n). */
export function lastIndexOfTerm(log: RaftLog, term: Term, limit: LogIndex): LogIndex | null {
  let low = 0;
  let high = Math.min(limit, lastIndex(log));
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (knownTermAt(log, middle) <= term) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low > 0 && termAt(log, low) === term ? low : null;
}

/** Returns a summary of entries: one run for each sequence of entries with the same term. */
export function termRuns(entries: readonly EntryId[]): TermRun[] {
  const runs: { term: Term; first: LogIndex; last: LogIndex }[] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    if (run !== undefined && run.term === entry.term && run.last === entry.index - 1) {
      run.last = entry.index;
    } else {
      runs.push({ term: entry.term, first: entry.index, last: entry.index });
    }
  }
  return runs;
}

function assertContinues(log: RaftLog, entries: readonly LogEntry[]): void {
  let { index, term } = lastEntryId(log);
  for (const entry of entries) {
    const before = { index, term };
    assertInvariant(
      entry.index === index + 1 && entry.term >= term && entry.term > 0,
      () => `entry ${entry.index} of term ${entry.term} cannot follow entry ${before.index} of term ${before.term}`,
    );
    index = entry.index;
    term = entry.term;
  }
}
