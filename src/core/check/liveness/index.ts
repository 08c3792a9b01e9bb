/** Liveness of real runs, judged under its conditions only. */
export { Liveness, type LivenessVerdict, type LivenessViolation } from './liveness.ts';
export { lateInWords, standstillsInWords } from './words.ts';
