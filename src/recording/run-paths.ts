/** Names in a data folder: how a run's folder is called, and where its files are. */
import { join } from 'node:path';
import { LOCK_FILE } from './lock.ts';

/** `2026-11-23T20-23-28-4f2a`: UTC to the second by the machine's clock, and four random digits. */
const RUN_ID = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-[0-9a-f]{4}$/;

/** Where the files of a run are. */
export interface RunPaths {
  readonly events: string;
  /** Where in `events` to look: made from it, and never needed. */
  readonly index: string;
  readonly lock: string;
  readonly servers: string;
}

/** Files and folders inside a run folder. */
export function runPaths(folder: string): RunPaths {
  return {
    events: join(folder, 'events.jsonl'),
    index: join(folder, 'events.index'),
    lock: join(folder, LOCK_FILE),
    servers: join(folder, 'servers'),
  };
}

/** Folder of one server inside a run folder. */
export function serverFolder(folder: string, server: string): string {
  return join(runPaths(folder).servers, server);
}

/** Whether a folder of this name is a run's: what else lies beside the runs is passed over. */
export function isRunId(name: string): boolean {
  return RUN_ID.test(name);
}
