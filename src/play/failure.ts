/** The failures that end a scenario before its last step. */
import { errorRow } from '../core/lab-api/index.ts';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import { type Place, ScenarioMistake } from '../core/scenario/index.ts';
import type { BothLanguages, ScenarioVerdict } from '../core/trace/index.ts';

/**
 * `violated`: a claim of the scenario does not hold. `unknown`: the claim could not be judged. `lab-failure`: the lab
 * failed.
 */
export type FailureKind = Exclude<ScenarioVerdict, 'valid'>;

export class ScenarioFailure extends Error {
  override readonly name = 'ScenarioFailure';
  readonly kind: FailureKind;
  readonly says: BothLanguages;
  /** The place in the file; null until the interpreter sets it. */
  place: Place | null = null;

  /** Creates a failure. @param says  the reason, only in English when it comes from the lab or the system */
  constructor(kind: FailureKind, says: string | BothLanguages) {
    const both = typeof says === 'string' ? { en: says, zh: says } : says;
    super(both.en);
    this.kind = kind;
    this.says = both;
  }

  /** The reason with the place in the file, in both languages. */
  get reason(): BothLanguages {
    const { says, place } = this;
    return place === null ? says : { en: `${says.en} (line ${place.line})`, zh: `${says.zh}（第 ${place.line} 行）` };
  }
}

/**
 * Turns any thrown value into a failure. A mistake in the file is *unknown*, because it proves nothing about Raft. An
 * error that no step caused is a failure of the lab.
 */
export function asFailure(cause: unknown): ScenarioFailure {
  if (cause instanceof LabProblem && errorRow(cause.error.code)?.misfit)
    return new ScenarioFailure('unknown', cause.message);
  if (cause instanceof ScenarioMistake) return new ScenarioFailure('unknown', cause.message);
  return cause instanceof ScenarioFailure ? cause : new ScenarioFailure('lab-failure', (cause as Error).message);
}
