/** The lab as doors and tests use it. */
export { createLab } from './lab.ts';
export { programFiles } from './processes/node-command.ts';
export type { Lab, LabOptions, ProgramFiles } from './types.ts';
