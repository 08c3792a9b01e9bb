/** The lab as doors and tests use it. */

export type { ClusterView, TraceEvent } from '../core/trace/index.ts';
export { EXPORT_FORMATS, type ExportFormat } from '../core/trace/index.ts';
export { whenFree } from '../program/held-files.ts';
export { makeFolderSync } from '../program/make-folder.ts';
export {
  chosenRecordingsFolder,
  recordingsFolder,
  type UnusableFolder,
  unusableFolderSentence,
} from './chosen-folder.ts';
export { type DataFolders, dataFolders, type Machine, temporaryRoot, thisMachine } from './data-folder.ts';
export { openAtReady, openRecording } from './doors/open-at-ready.ts';
export { errorSentence, fillSentence, plainText } from './error-sentence.ts';
export { givesNoVerdict, LabProblem } from './errors.ts';
export { diskKind, existingParent, folderOwner, freeBytes, fsyncMedianMs, writeProblem } from './folder-probes.ts';
export { judgeRunFolder, type RunReport } from './judge-folder.ts';
export { judgeHistoryFile } from './judge-history-file.ts';
export { createLab } from './lab.ts';
export { judgeRecordingFile } from './opened/judge-file.ts';
export type { OpenedSource } from './opened/stage-file.ts';
export { MAX_OPENED_BYTES } from './opened/stage-file.ts';
export { nodeCommand, programEnvironment, programFiles } from './processes/node-command.ts';
export { readProcess } from './processes/process-info.ts';
export type { ProgramFiles } from './program-files.ts';
export { bringEarlierRuns, type EarlierRunsWords, earlierRunsSentences } from './recording/earlier-runs.ts';
export { inMib, leastFreeBytes } from './recording/free-space.ts';
export { keepTrace } from './recording/keep-trace.ts';
export { lockHolder } from './recording/lock.ts';
export { type Progress, readOpenedScenario, type ScenarioOutcome, scenarioIn, scenariosIn } from './scenario/index.ts';
export { readSettings, saveSettings, setSettingsAside } from './settings-file.ts';
export { runSoak, type SoakReport } from './soak/index.ts';
export type { Lab, LabOptions, PowerChange } from './types.ts';
export { LabWatch } from './watch.ts';
