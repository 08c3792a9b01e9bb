/** How a scenario can end before its last step. */
import type { Place } from '../../core/scenario/index.ts';

/** `violated`: what the scenario states does not hold. `unknown`: it could not be judged. */
export type FailureKind = 'violated' | 'unknown' | 'lab-failure';

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
