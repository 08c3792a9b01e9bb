/** The soak as doors and tests use it. */
export type { SoakOptions, SoakReport } from './report.ts';
export { runSoak } from './soak.ts';
