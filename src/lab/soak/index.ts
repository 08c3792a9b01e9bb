/** The interface of the soak for doors and tests. */
export type { SoakOptions, SoakReport } from './report.ts';
export { runSoak } from './soak.ts';
