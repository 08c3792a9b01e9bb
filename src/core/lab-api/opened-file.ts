/** Files a person opens by dropping, double click or argument: which names are understood, and as what. */

/** Endings of scenario files, in lower case. `.raftscenario` is the type that packages declare to the system. */
export const SCENARIO_ENDINGS = ['.yaml', '.yml', '.raftscenario'] as const;

/** Endings of exported recordings, in lower case. */
export const RECORDING_ENDINGS = ['.jsonl'] as const;

/** All of them. */
export const OPENED_ENDINGS = [...SCENARIO_ENDINGS, ...RECORDING_ENDINGS] as const;

/** @returns what a file of this name holds; null when the name does not say */
export function kindOfFile(name: string): 'scenario' | 'recording' | null {
  const lower = name.toLowerCase();
  if (SCENARIO_ENDINGS.some((ending) => lower.endsWith(ending))) return 'scenario';
  return RECORDING_ENDINGS.some((ending) => lower.endsWith(ending)) ? 'recording' : null;
}
