/** Recordings for the rest of the lab: create, lock, record, list, open, continue, export and delete a run. */
export type { Cap, CapLimits } from './cap-watch.ts';
export { originAfter, type RecorderClock } from './clock.ts';
export { deleteRun, deleteRuns } from './delete-run.ts';
export { exportRunFolder, type RunExport } from './export-run.ts';
export { inMib } from './free-space.ts';
export { beyondNewest, bytesOf } from './keep-newest.ts';
export { type Lock, type LockResult, lockDataFolder, lockRun } from './lock.ts';
export type { FoundHolder } from './lock-holder.ts';
export { labelManifest, type Manifest, type ManifestResult, readManifest } from './manifest.ts';
export { type OpenedRun, openRun } from './open-run.ts';
export { createRecorder, type RecorderOptions } from './recorder.ts';
export { type ResumedRun, resumeRun } from './resume.ts';
export { createRunFolder, findRun, listRuns, type RunFolder, runPaths, serverFolder } from './run-folder.ts';
export type { Recorder, RunReader } from './types.ts';
export { removeUnfinished } from './unfinished-runs.ts';
