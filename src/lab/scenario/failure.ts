/** How a scenario can end before its last step. */
import type { Place } from '../../core/scenario/index.ts';
import type { ScenarioVerdict } from '../../core/trace/index.ts';

/** `violated`: what the scenario states does not hold. `unknown`: it could not be judged. */
export type FailureKind = Exclude<ScenarioVerdict, 'valid'>;

export class ScenarioFailure extends Error {
  override readonly name = 'ScenarioFailure';
  readonly kind: FailureKind;
  /** Where in the file; null until the interpreter knows. */
  place: Place | null = null;

  constructor(kind: FailureKind, sentence: string) {
    super(sentence);
    this.kind = kind;
  }
}

/** What went wrong as a failure: whatever no step of the scenario said is the lab's. */
export function asFailure(cause: unknown): ScenarioFailure {
  return cause instanceof ScenarioFailure ? cause : new ScenarioFailure('lab-failure', (cause as Error).message);
}
