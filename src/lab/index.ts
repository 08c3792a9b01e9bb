/** The lab as doors and tests use it. */
export { createLab } from './lab.ts';
export { programFiles } from './processes/node-command.ts';
export { runSoak, type SoakReport } from './soak/index.ts';
export type { Lab, LabOptions, ProgramFiles } from './types.ts';
