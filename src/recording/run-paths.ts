/** Names in a data folder: the form of a run id, and the paths of a run's files. */
import { join } from 'node:path';
import { LOCK_FILE } from './lock.ts';

/**
 * The form of a run id, such as `2026-11-23T20-23-28-4f2a`: UTC to the second by the machine's clock, and four random
 * digits.
 */
const RUN_ID = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-[0-9a-f]{4}$/;

/** Paths of the files of a run. */
export interface RunPaths {
  readonly events: string;
  /** The index of `events`. It repeats facts of `events`, so it may be missing. */
  readonly index: string;
  readonly lock: string;
  readonly servers: string;
}

/** Returns the paths of files and folders inside a run folder. */
export function runPaths(folder: string): RunPaths {
  return {
    events: join(folder, 'events.jsonl'),
    index: join(folder, 'events.index'),
    lock: join(folder, LOCK_FILE),
    servers: join(folder, 'servers'),
  };
}

/** Returns the folder of one server inside a run folder. */
export function serverFolder(folder: string, server: string): string {
  return join(runPaths(folder).servers, server);
}

/** Whether a folder of this name is a run's folder. Other entries beside the runs are ignored. */
export function isRunId(name: string): boolean {
  return RUN_ID.test(name);
}
