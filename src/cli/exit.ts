/** The exit codes of the terminal programs, and the code of each verdict; docs/terminal.md documents them. */
import type { LabError } from '../core/lab-api/index.ts';
import { givesNoVerdict } from '../lab/index.ts';

export const EXIT = { ok: 0, failed: 1, usage: 2, lab: 3, undecided: 4, interrupted: 130 } as const;

const BY_VERDICT = {
  valid: EXIT.ok,
  violated: EXIT.failed,
  unknown: EXIT.undecided,
  'not-judged': EXIT.undecided,
  incomplete: EXIT.undecided,
  damaged: EXIT.undecided,
  'lab-failure': EXIT.lab,
} as const;

/** Every word a verdict can be. */
export type VerdictWord = keyof typeof BY_VERDICT;

/** For several verdicts that of the worst: a broken promise counts more than what failed, and that more than a doubt. None is no verdict. */
export function exitOf(verdicts: readonly VerdictWord[]): number {
  if (verdicts.length === 0) return EXIT.undecided;
  const codes = new Set(verdicts.map((word) => BY_VERDICT[word]));
  return [EXIT.failed, EXIT.lab, EXIT.undecided].find((code) => codes.has(code)) ?? EXIT.ok;
}

/** What the lab refuses cannot be done; a recording that cannot be read gives no verdict. */
export function exitBecauseOf(error: LabError): number {
  return givesNoVerdict(error) ? EXIT.undecided : EXIT.failed;
}
