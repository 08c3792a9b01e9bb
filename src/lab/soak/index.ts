/** The soak, and its judge of files, as doors and tests use them. */
export type { Written } from './crowd.ts';
export { FileJudge } from './file-judge.ts';
export type { SoakOptions, SoakReport } from './report.ts';
export { runSoak } from './soak.ts';
