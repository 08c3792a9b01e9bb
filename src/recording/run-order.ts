/**
 * Which run is the newest: by a number that each run carries, because its date is only what the machine's clock said. A run
 * made under a clock that was years ahead would stay the newest for years.
 */
import { join } from 'node:path';
import { atomicFile } from '../program/atomic-file.ts';
import { fewAtOnce } from './few-at-once.ts';
import { MANIFEST_FILE } from './manifest.ts';

/** A run in a list. */
export interface Dated {
  readonly runId: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** 0: made before runs had numbers. Null: the manifest cannot be read. */
  readonly number: number | null;
}

/**
 * The number of a new run: one more than the greatest in this folder. What cannot be read counts as nothing.
 *
 * @param folders  every run folder there is
 */
export async function nextNumber(folders: readonly string[]): Promise<number> {
  const numbers = await fewAtOnce(folders, numberOf);
  return numbers.reduce((one, other) => Math.max(one, other), 0) + 1;
}

/** Sorts by number, then by date, then by name. One without a manifest comes right before those that are dated earlier. */
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
    // A damaged run; the list says so.
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
