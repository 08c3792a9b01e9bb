/** Judges the liveness of real runs while the conditions for it hold. */
export { Liveness, type LivenessVerdict } from './liveness.ts';
export { lateInWords, standstillsInWords } from './words.ts';
