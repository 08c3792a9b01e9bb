/** Judges the liveness of real runs, while its conditions hold. */
export { Liveness, type LivenessVerdict } from './liveness.ts';
export { lateInWords, standstillsInWords } from './words.ts';
