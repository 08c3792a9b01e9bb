/** Liveness of real runs, judged under its conditions only. */
export { Liveness, type LivenessVerdict } from './liveness.ts';
export { lateInWords, standstillsInWords } from './words.ts';
