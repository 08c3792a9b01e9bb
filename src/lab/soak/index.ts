/** The soak as doors and tests start it. */
export { runSoak, type SoakOptions, type SoakReport } from './soak.ts';
