/** The judges of a trace: safety properties of Raft, each with its source, on every run, real or simulated. */

export { Digests } from './digest.ts';
export { createJudge, type Judge, PROPERTIES } from './judge.ts';
export { type RunEnd, RunJudges, type RunJudgesOptions } from './run-judges.ts';
export { brokenInWords, type Objection, objectionOf, outcomeOf, type RunVerdicts, worstOf } from './run-verdict.ts';
export type { CopyAscii } from './text-hash.ts';
export type { Outcome, Proof, PropertyName, Verdict, Violation } from './verdict.ts';
