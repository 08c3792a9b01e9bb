/**
 * The outcome of a whole run, from its judges, its scenario and its recording. The list of runs, `raft-lab check` and the verdicts that a
 * live run leaves behind use this one rule.
 */
import type { Outcome } from '../core/check/index.ts';
import type { ScenarioVerdict } from '../core/trace/index.ts';

/**
 * `damaged`: lines were changed or lost, and nothing is proved wrong before that. `incomplete`: nothing was wrong as far as the
 * recording goes, and its end is missing. `lab-failure`: nothing was wrong until the lab itself failed.
 */
export type RunOutcome = Outcome | 'incomplete' | 'damaged' | 'lab-failure';

/** The facts known after a run has been judged. */
export interface RunFacts {
  /** The worst of the judges' outcomes. */
  readonly ofJudges: Outcome;
  /** Null: no scenario was played. */
  readonly ofScenario: ScenarioVerdict | null;
  /** The lab ended the run because it failed itself. */
  readonly hasFailed: boolean;
  /** The flaw of the recording; null for a whole one. */
  readonly flawed: 'damaged' | 'incomplete' | null;
  /** Whether checksums prove that what was judged is as it was written. */
  readonly isProved: boolean;
}

/** A proved violation stays, also when other facts are missing; without checksums a damaged recording proves nothing. */
export function runOutcome({ ofJudges, ofScenario, hasFailed, flawed, isProved }: RunFacts): RunOutcome {
  const isViolated = ofJudges === 'violated' || ofScenario === 'violated';
  if (isViolated && (flawed !== 'damaged' || isProved)) return 'violated';
  if (flawed === 'damaged') return 'damaged';
  if (hasFailed || ofScenario === 'lab-failure') return 'lab-failure';
  if (flawed !== null) return flawed;
  return ofScenario === 'unknown' ? 'unknown' : ofJudges;
}
