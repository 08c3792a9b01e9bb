/**
 * Decides the outcome of a whole run from its judges, its scenario and its recording. The list of runs, `raft-lab
 * check` and the verdict file of a live run all use this rule.
 */
import type { Outcome } from '../core/check/index.ts';
import type { ScenarioVerdict } from '../core/trace/index.ts';

/**
 * `damaged`: lines were changed or lost, and no violation is proved before that. `incomplete`: no violation up to the
 * end of the recording, whose last part is missing. `lab-failure`: no violation until the lab itself failed.
 */
export type RunOutcome = Outcome | 'incomplete' | 'damaged' | 'lab-failure';

/** The facts known after a run has been judged. */
export interface RunFacts {
  /** The worst of the judges' outcomes. */
  readonly ofJudges: Outcome;
  /** The verdict of the scenario; null when none was played. */
  readonly ofScenario: ScenarioVerdict | null;
  /** Whether the lab ended the run because the lab itself failed. */
  readonly hasFailed: boolean;
  /** The flaw of the recording; null for a whole one. */
  readonly flawed: 'damaged' | 'incomplete' | null;
  /** Whether checksums prove that the judged events are undamaged. */
  readonly isProved: boolean;
}

/**
 * Decides the outcome. A proved violation counts even when other facts are missing. A damaged recording without
 * checksums proves no violation.
 */
export function runOutcome({ ofJudges, ofScenario, hasFailed, flawed, isProved }: RunFacts): RunOutcome {
  const isViolated = ofJudges === 'violated' || ofScenario === 'violated';
  if (isViolated && (flawed !== 'damaged' || isProved)) return 'violated';
  if (flawed === 'damaged') return 'damaged';
  if (hasFailed || ofScenario === 'lab-failure') return 'lab-failure';
  if (flawed !== null) return flawed;
  return ofScenario === 'unknown' ? 'unknown' : ofJudges;
}
