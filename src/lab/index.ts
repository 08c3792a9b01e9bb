/** The interface of this room for doors and tests. */

export { readLogFrom } from '../cluster/disk/disk-reader.ts';
export type { FileEntry } from '../cluster/disk/tail-reader.ts';
export { nodeCommand, programEnvironment, programFiles } from '../cluster/processes/node-command.ts';
export type { ProgramFiles } from '../cluster/processes/program-files.ts';
export { givesNoVerdict, LabProblem } from '../core/lab-api/lab-problem.ts';
export type { ClusterView, TraceEvent } from '../core/trace/index.ts';
export { EXPORT_FORMATS, EXPORTS, type ExportFormat, formatNamed, formatOfFile } from '../core/trace/index.ts';
export { type Progress, readOpenedScenario, type ScenarioOutcome, scenarioIn, scenariosIn } from '../play/index.ts';
export { type ProcessEvents, type SignalWays, watchErrors, watchSignals } from '../program/ending.ts';

export { makeFolderSync } from '../program/make-folder.ts';
export { type ProcessIdentity, readProcess, startTimeOf, whenGone } from '../program/process-info.ts';
export { temporaryRoot } from '../program/temporary-root.ts';
export { writeWholeFile } from '../program/whole-file.ts';
export { inMib, leastFreeBytes } from '../recording/free-space.ts';
export { judgeRunFolder, type RunReport } from '../recording/judge-folder.ts';
export { judgeHistoryFile } from '../recording/judge-history-file.ts';
export { keepTrace } from '../recording/keep-trace.ts';
export { lockHolder } from '../recording/lock.ts';
export { judgeRecordingFile } from '../recording/opened/judge-file.ts';
export type { OpenedSource } from '../recording/opened/stage-file.ts';
export { MAX_OPENED_BYTES } from '../recording/opened/stage-file.ts';
export {
  BARE_ORDERS,
  type BareAnswer,
  type BareCounts,
  type BareLine,
  type BareOrders,
  type BareQuestion,
  type BareUp,
} from './bare/protocol.ts';
export {
  chosenRecordingsFolder,
  recordingsFolder,
  type UnusableFolder,
  unusableFolderSentence,
} from './chosen-folder.ts';
export { type DataFolders, dataFolders, type Machine, thisMachine } from './data-folder.ts';
export { openAtReady, openRecording } from './doors/open-at-ready.ts';
export { bringEarlierRuns, type EarlierRunsWords, earlierRunsSentences } from './earlier-runs.ts';
export { errorSentence } from './error-sentence.ts';
export { diskKind, folderOwner, freeBytes, fsyncMedianMs, writeProblem } from './folder-probes.ts';
export { createLab } from './lab.ts';
export { readSettings, saveSettings, setSettingsAside } from './settings-file.ts';
export { runSoak, type SoakReport } from './soak/index.ts';
export type { Lab, LabOptions, PowerChange } from './types.ts';
export { LabWatch } from './watch.ts';
