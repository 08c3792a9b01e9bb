/** Files a person opens by dropping, double click or argument: which names are understood, and as what. */

/** Endings of scenario files, in lower case. `.raftscenario` is the type that packages declare to the system. */
export const SCENARIO_ENDINGS = ['.yaml', '.yml', '.raftscenario'] as const;

/** @returns what a file of this name holds; null when Raft Lab opens no such file */
export function kindOfFile(name: string): 'scenario' | null {
  const lower = name.toLowerCase();
  return SCENARIO_ENDINGS.some((ending) => lower.endsWith(ending)) ? 'scenario' : null;
}
