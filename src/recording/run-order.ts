/**
 * Decides which run is the newest, by a number that each run carries. The date of a run comes from the machine's clock,
 * which may have been wrong. A run made under a clock that was years ahead would otherwise stay the newest for years.
 */
import { join } from 'node:path';
import { atomicFile } from '../program/atomic-file.ts';
import { fewAtOnce } from './few-at-once.ts';
import { MANIFEST_FILE } from './manifest.ts';

/** A run in a list. */
export interface Dated {
  readonly runId: string;
  /** Start of the run, ISO 8601, UTC. */
  readonly startedAt: string;
  /** 0 for a run made before runs had numbers; null when the manifest cannot be read. */
  readonly number: number | null;
}

/**
 * Returns the number of a new run: one more than the greatest in this folder. A manifest that cannot be read counts as
 * 0.
 *
 * @param folders  every run folder
 */
export async function nextNumber(folders: readonly string[]): Promise<number> {
  const numbers = await fewAtOnce(folders, numberOf);
  return numbers.reduce((one, other) => Math.max(one, other), 0) + 1;
}

/**
 * Sorts by number, then by date, then by name. A run without a readable manifest stands before the runs with earlier
 * dates.
 */
export function newestFirst<Run extends Dated>(runs: readonly Run[]): readonly Run[] {
  const unnumbered = runs.filter(({ number }) => number === null).sort(compareDated);
  const sorted: Run[] = [];
  let at = 0;
  for (const run of runs.filter(({ number }) => number !== null).sort(compareNumbered)) {
    for (let next = unnumbered[at]; next && next.startedAt >= run.startedAt; next = unnumbered[at]) {
      sorted.push(next);
      at += 1;
    }
    sorted.push(run);
  }
  return [...sorted, ...unnumbered.slice(at)];
}

async function numberOf(folder: string): Promise<number> {
  try {
    const number = (await atomicFile<{ readonly number?: unknown }>(join(folder, MANIFEST_FILE)).read())?.number;
    return Number.isSafeInteger(number) ? (number as number) : 0;
  } catch {
    // The run is damaged; the list reports that.
    return 0;
  }
}

function compareNumbered(one: Dated, other: Dated): number {
  return (other.number ?? 0) - (one.number ?? 0) || compareDated(one, other);
}

function compareDated(one: Dated, other: Dated): number {
  return compareText(other.startedAt, one.startedAt) || compareText(other.runId, one.runId);
}

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
