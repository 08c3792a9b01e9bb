/** The judges of a trace: safety properties of Raft, each with its source, on every run, real or simulated. */

export { createJudge, type Judge, PROPERTIES } from './judge.ts';
export { RunJudges, type RunJudgesOptions } from './run-judges.ts';
export { brokenInWords, objectionOf, outcomeOf, type RunVerdicts, worstOf } from './run-verdict.ts';
export type { CopyAscii } from './text-hash.ts';
export type { Outcome, PropertyName, Verdict, Violation } from './verdict.ts';
