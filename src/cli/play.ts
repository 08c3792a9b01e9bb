/** Code shared by the commands that play scenarios: seeds, and one playing with its progress. */
import { randomInt } from 'node:crypto';
import type { BothLanguages, ProtocolFlags } from '../core/lab-api/index.ts';
import type { Scenario } from '../core/scenario/index.ts';
import type { Lab, ScenarioOutcome } from '../lab/index.ts';
import { LabRefusal } from './with-lab.ts';
import { inLanguage, type Language } from './words.ts';

/** Returns a seed for each run: counted up from the given one, or drawn. @param seed  null: drawn */
export function seedsFor(seed: number | null, runs: number): readonly number[] {
  return Array.from({ length: runs }, (_, at) => (seed === null ? randomInt(2 ** 32) : (seed + at) % 2 ** 32));
}

export interface Playing {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly language: Language;
  readonly signal: AbortSignal;
  /** Called with each line of progress. */
  readonly say: (line: string) => void;
  readonly mutants?: Readonly<Record<string, string>>;
  readonly flags?: Partial<ProtocolFlags>;
}

/** Plays a scenario once. @throws LabRefusal when the lab cannot start a cluster */
export async function playOnce(lab: Lab, playing: Playing): Promise<ScenarioOutcome> {
  const { scenario, seed, language, signal, say, mutants, flags } = playing;
  const sentence = (both: BothLanguages): string => inLanguage(language, both);
  const played = await lab.play({
    scenario,
    seed,
    signal,
    more: { ...(mutants === undefined ? {} : { mutants }), ...(flags === undefined ? {} : { flags }) },
    progress: {
      began: (step) => {
        if (step.kind !== 'note') say(`  … ${step.text}`);
      },
      warned: (says, step) => say(`  ! ${sentence(says)}${step === null ? '' : ` (${step.at.line})`}`),
      noted: (says) => say(`  ${sentence(says)}`),
    },
  });
  if (!played.ok) throw new LabRefusal(played.error);
  return played.value;
}
