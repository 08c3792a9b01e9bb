/**
 * A log as a list of stretches with one term each, ascending and without gaps. A view keeps logs in this form, so the cost of an
 * append or a truncation depends on the number of terms, not on the number of entries.
 */
import type { LogIndex, Term, TermRun } from '../vocabulary/index.ts';

/** Index of the last entry, 0 for an empty log. */
export function lastIndexOf(runs: readonly TermRun[]): LogIndex {
  return runs.at(-1)?.last ?? 0;
}

/** Term of the entry at `index`; null when the log has none there. */
export function termAt(runs: readonly TermRun[], index: LogIndex): Term | null {
  let low = 0;
  let high = runs.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const run = runs[middle];
    if (run === undefined) return null;
    if (index < run.first) high = middle - 1;
    else if (index > run.last) low = middle + 1;
    else return run.term;
  }
  return null;
}

/** The log without its entries at and above `from`; the same array when nothing is dropped. */
export function truncateRuns(runs: readonly TermRun[], from: LogIndex): readonly TermRun[] {
  if (from > lastIndexOf(runs)) return runs;
  return runs.flatMap((run) => {
    if (run.first >= from) return [];
    return run.last < from ? [run] : [{ ...run, last: from - 1 }];
  });
}

/**
 * The log with these stretches added. Two logs with the same term at an index are equal up to that index (Log Matching, §3.5).
 * Stretches that the log already holds therefore change nothing, not even entries behind them. Other stretches replace everything
 * from their first index on.
 */
export function appendRuns(runs: readonly TermRun[], added: readonly TermRun[]): readonly TermRun[] {
  const first = added[0];
  const last = added.at(-1);
  if (first === undefined || last === undefined) return runs;
  if (termAt(runs, last.last) === last.term) return runs;
  const kept = truncateRuns(runs, first.first);
  const end = kept.at(-1);
  if (end === undefined || end.term !== first.term || end.last + 1 !== first.first) return [...kept, ...added];
  return [...kept.slice(0, -1), { ...end, last: first.last }, ...added.slice(1)];
}

/** Index up to which two logs hold the same entries: the same term at an index means the same log (Log Matching, §3.5). */
export function agreeUpTo(one: readonly TermRun[], other: readonly TermRun[]): LogIndex {
  let agreed = 0;
  for (const [at, run] of one.entries()) {
    const beside = other[at];
    if (beside === undefined || beside.term !== run.term || beside.first !== run.first) break;
    agreed = Math.min(run.last, beside.last);
    if (run.last !== beside.last) break;
  }
  return agreed;
}

/** The stretches between two indexes, both included. */
export function sliceRuns(runs: readonly TermRun[], first: LogIndex, last: LogIndex): readonly TermRun[] {
  return runs.flatMap((run) =>
    run.last < first || run.first > last
      ? []
      : [{ term: run.term, first: Math.max(run.first, first), last: Math.min(run.last, last) }],
  );
}
