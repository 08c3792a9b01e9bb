/** The lab as doors and tests use it. */

export { type ClusterView, isCaughtUp, type TraceEvent } from '../core/trace/index.ts';
export { dataFolder } from './data-folder.ts';
export { judgeRunFolder, type RunVerdicts } from './judge-folder.ts';
export { createLab } from './lab.ts';
export { programFiles } from './processes/node-command.ts';
export { readProcess, startTimeOf } from './processes/process-info.ts';
export { keepTrace } from './recording/keep-trace.ts';
export { type Progress, type ScenarioOutcome, scenarioIn, scenariosIn } from './scenario/index.ts';
export { FileJudge, runSoak, type SoakReport, type Written } from './soak/index.ts';
export type { ExportFormat, Lab, LabOptions, ProgramFiles } from './types.ts';
export { LabWatch } from './watch.ts';
