/** Names of files that a person can open by drop, double click or argument, and the kinds that they stand for. */

/** Endings of scenario files, in lower case. `.raftscenario` is the type that packages declare to the system. */
export const SCENARIO_ENDINGS = ['.yaml', '.yml', '.raftscenario'] as const;

/** Endings of exported recordings, in lower case. */
export const RECORDING_ENDINGS = ['.jsonl'] as const;

/** Endings of all files that can be opened. */
export const OPENED_ENDINGS = [...SCENARIO_ENDINGS, ...RECORDING_ENDINGS] as const;

/** @returns the kind of a file with this name; null for an unknown ending */
export function kindOfFile(name: string): 'scenario' | 'recording' | null {
  const lower = name.toLowerCase();
  if (SCENARIO_ENDINGS.some((ending) => lower.endsWith(ending))) return 'scenario';
  return RECORDING_ENDINGS.some((ending) => lower.endsWith(ending)) ? 'recording' : null;
}
