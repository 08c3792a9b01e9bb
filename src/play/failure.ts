/** How a scenario can end before its last step. */
import type { LabErrorCode } from '../core/lab-api/index.ts';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import { type Place, ScenarioMistake } from '../core/scenario/index.ts';
import type { BothLanguages, ScenarioVerdict } from '../core/trace/index.ts';

/** `violated`: what the scenario states does not hold. `unknown`: it could not be judged. */
export type FailureKind = Exclude<ScenarioVerdict, 'valid'>;

export class ScenarioFailure extends Error {
  override readonly name = 'ScenarioFailure';
  readonly kind: FailureKind;
  readonly says: BothLanguages;
  /** Where in the file; null until the interpreter knows. */
  place: Place | null = null;

  /** @param says  in English only: what the lab or the system said, which has no other words */
  constructor(kind: FailureKind, says: string | BothLanguages) {
    const both = typeof says === 'string' ? { en: says, zh: says } : says;
    super(both.en);
    this.kind = kind;
    this.says = both;
  }

  /** With the place. */
  get reason(): BothLanguages {
    const { says, place } = this;
    return place === null ? says : { en: `${says.en} (line ${place.line})`, zh: `${says.zh}（第 ${place.line} 行）` };
  }
}

/** Error codes for a step that does not fit the state of the cluster, such as a restart of a running server. */
const MISFITS: ReadonlySet<LabErrorCode> = new Set([
  ...(['bad-request', 'unknown-server', 'unknown-link', 'unknown-fault', 'nothing-to-cut'] as const),
  ...(['already-down', 'already-up', 'not-up', 'already-frozen', 'not-frozen'] as const),
]);

/** A mistake in the file proves nothing about Raft: unknown. Whatever no step of the scenario said is the lab's. */
export function asFailure(cause: unknown): ScenarioFailure {
  if (cause instanceof LabProblem && MISFITS.has(cause.error.code))
    return new ScenarioFailure('unknown', cause.message);
  if (cause instanceof ScenarioMistake) return new ScenarioFailure('unknown', cause.message);
  return cause instanceof ScenarioFailure ? cause : new ScenarioFailure('lab-failure', (cause as Error).message);
}
