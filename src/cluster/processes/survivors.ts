/**
 * The third guard against orphans. Every run folder holds a list of its processes (pid and start time), which remains
 * when a lab is killed together with its reaper. The next start kills each process on the list whose start time still
 * matches and whose command line still has the run's id. Processes are never killed by name, nor by pid alone.
 *
 * A list that was written elsewhere (on another computer, in another container, or before a restart of the computer) is
 * left alone until its run is continued here: its pids have no meaning on this system, and its lab may be alive.
 *
 * Windows reports no start times, so no process is killed there. The system ends the children of a dead lab, and the
 * list is removed only once its lab is gone.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Low } from 'lowdb';
import { atomicFile } from '../../program/atomic-file.ts';
import { isSamePlace, type Place, thisPlace } from '../../program/place.ts';
import {
  commandLine,
  isAlive,
  type ProcessIdentity,
  readProcess,
  signalProcess,
  startTimeOf,
  whenGone,
} from '../../program/process-info.ts';

/** The content of the list file. */
interface ProcessList {
  readonly version: 1;
  readonly runId: string;
  /** The lab that owns the run. While it lives, no other lab touches its processes. */
  readonly lab: ProcessIdentity;
  /** The computer, container and boot in which these pids are valid; absent in lists of earlier versions. */
  readonly place?: Place;
  readonly processes: readonly ProcessIdentity[];
}

/** The list of one live run, kept up to date on disk. */
export interface LiveProcesses {
  add(identity: ProcessIdentity): Promise<void>;
  remove(pid: number): Promise<void>;
  /** Removes the list. Call it when no process is left. */
  close(): Promise<void>;
}

const LIST_FILE = 'processes.json';
const GONE_WITHIN_MS = 5_000;

/** Starts the list of a run. Writes are queued; each resolves when it is on the disk. */
export function listLiveProcesses(options: { readonly runFolder: string; readonly runId: string }): LiveProcesses {
  const path = join(options.runFolder, LIST_FILE);
  const lab = { pid: process.pid, startTime: readProcess(process.pid)?.startTime ?? '' };
  const database = new Low<ProcessList>(atomicFile(path), {
    version: 1,
    runId: options.runId,
    lab,
    place: thisPlace(),
    processes: [],
  });
  let queue: Promise<unknown> = Promise.resolve();

  function change(next: (list: readonly ProcessIdentity[]) => readonly ProcessIdentity[]): Promise<void> {
    database.data = { ...database.data, processes: next(database.data.processes) };
    const written = queue.then(() => database.write());
    // A failed write rejects for its own caller only. The next write must still run.
    queue = written.catch(() => undefined);
    return written;
  }

  return {
    add: (identity) => change((list) => [...list, identity]),
    remove: (pid) => change((list) => list.filter((one) => one.pid !== pid)),
    close: async () => {
      await queue;
      await rm(path, { force: true });
    },
  };
}

/**
 * Kills processes that earlier labs left running, in every run folder below `runsFolder`.
 *
 * @param onProblem  receives a sentence about a list that cannot be read, which is left as it is
 * @returns the pids that were killed
 */
export async function sweepSurvivors(
  runsFolder: string,
  onProblem: (message: string) => void,
): Promise<readonly number[]> {
  const killed: number[] = [];
  for (const name of await foldersIn(runsFolder)) {
    const { pids, left } = await sweepRun(join(runsFolder, name), onProblem);
    killed.push(...pids);
    if (left !== '') onProblem(left);
  }
  return killed;
}

/**
 * Kills the remaining processes of one run before the run continues. Its lab may have died after this lab was opened,
 * and two processes of one server would write to the same files.
 *
 * @returns the pids that were killed, and a sentence about those that do not end ('' when all ended)
 */
export async function sweepRun(
  runFolder: string,
  onProblem: (message: string) => void,
): Promise<{ readonly pids: readonly number[]; readonly left: string }> {
  const path = join(runFolder, LIST_FILE);
  const list = await readList(path, onProblem);
  if (list === null || isElsewhere(list) || isLabAlive(list.lab)) return { pids: [], left: '' };
  const survivors = list.processes.filter((one) => isAlive(one) && commandLine(one.pid).includes(list.runId));
  for (const survivor of survivors) signalProcess(survivor, 'SIGKILL');
  const pids = survivors.map((one) => one.pid);
  const areGone = await whenGone(survivors, GONE_WITHIN_MS);
  if (areGone) await rm(path, { force: true });
  return { pids, left: areGone ? '' : `processes of run ${list.runId} do not end: ${pids.join(', ')}` };
}

function isElsewhere({ place }: ProcessList): boolean {
  return place !== undefined && !isSamePlace(place, thisPlace());
}

/**
 * Whether the lab lives. On Windows only its pid is compared, because keeping a list too long does less harm than
 * losing one.
 */
function isLabAlive(lab: ProcessIdentity): boolean {
  return startTimeOf(lab.pid) === lab.startTime;
}

async function foldersIn(path: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cause;
  }
}

async function readList(path: string, onProblem: (message: string) => void): Promise<ProcessList | null> {
  try {
    const content: unknown = await atomicFile<unknown>(path).read();
    if (content === null || isProcessList(content)) return content;
    onProblem(`${path} is not a list of processes`);
  } catch (cause) {
    onProblem(`cannot read ${path}: ${(cause as Error).message}`);
  }
  return null;
}

function isProcessList(content: unknown): content is ProcessList {
  const list = content as Partial<ProcessList> | null;
  return (
    typeof list === 'object' &&
    list?.version === 1 &&
    // An empty id would match every command line.
    typeof list.runId === 'string' &&
    list.runId.length > 0 &&
    isIdentity(list.lab) &&
    isPlace(list.place) &&
    Array.isArray(list.processes) &&
    list.processes.every(isIdentity)
  );
}

function isPlace(place: unknown): boolean {
  if (place === undefined) return true;
  const { host, boot, pidNamespace } = (place ?? {}) as Partial<Place>;
  return [host, boot, pidNamespace].every((one) => typeof one === 'string');
}

/** Accepts an empty start time, which is written on Windows. On other systems it matches no process. */
function isIdentity(value: unknown): value is ProcessIdentity {
  const identity = value as Partial<ProcessIdentity> | null | undefined;
  return Number.isSafeInteger(identity?.pid) && typeof identity?.startTime === 'string';
}
