/** The exit codes of all commands, and the code of each verdict; docs/terminal.md documents them. */

export const EXIT = { ok: 0, failed: 1, usage: 2, lab: 3, undecided: 4, interrupted: 130 } as const;

/** Names of exit codes. Each has its meaning in the words files (`exit-<name>`). */
export type ExitName = keyof typeof EXIT;

const BY_VERDICT = {
  valid: EXIT.ok,
  violated: EXIT.failed,
  unknown: EXIT.undecided,
  'not-judged': EXIT.undecided,
  incomplete: EXIT.undecided,
  damaged: EXIT.undecided,
  'lab-failure': EXIT.lab,
} as const;

/** Every verdict of a run. */
export type VerdictWord = keyof typeof BY_VERDICT;

/**
 * Returns the exit code of the worst of several verdicts. A violation is worse than a failure of the lab, which is
 * worse than a missing verdict. Without any verdict, returns the code of a missing one.
 */
export function exitOf(verdicts: readonly VerdictWord[]): number {
  if (verdicts.length === 0) return EXIT.undecided;
  const codes = new Set(verdicts.map((word) => BY_VERDICT[word]));
  return [EXIT.failed, EXIT.lab, EXIT.undecided].find((code) => codes.has(code)) ?? EXIT.ok;
}
