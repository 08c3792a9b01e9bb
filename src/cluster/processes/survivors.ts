/**
 * The third guard against orphans: every run folder holds a list of its processes (pid and start time). A lab that was
 * killed together with its reaper leaves that list behind. The next start kills each process on it whose start time
 * still matches and whose command line still carries the run's id. Never by name, never by pid alone.
 *
 * A list that was written elsewhere (another computer or container, or before the computer was restarted) is left alone
 * until its run is continued here: its pids mean nothing on this system, and its lab may be alive.
 *
 * Windows gives no start times: nothing is killed there, because the system ends the children of a dead lab, and the
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

/** The file's content. */
interface ProcessList {
  readonly version: 1;
  readonly runId: string;
  /** The lab that owns the run: while it lives, no other lab touches its processes. */
  readonly lab: ProcessIdentity;
  /** The place where these pids have a meaning; absent in lists of earlier versions. */
  readonly place?: Place;
  readonly processes: readonly ProcessIdentity[];
}

/** The list of one live run, kept up to date on disk. */
export interface LiveProcesses {
  add(identity: ProcessIdentity): Promise<void>;
  remove(pid: number): Promise<void>;
  /** Removes the list: no process is left. */
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
    // A failed write rejects for its own caller only; the next write must still run.
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
 * Kills the processes left of one run, before the run goes on: its lab may have died after this lab was opened, and two
 * processes of one server would write to the same files.
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
 * Whether the lab lives. On Windows decided by its pid alone: a list that stays too long does less harm than a missing
 * one.
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

/** Accepts an empty start time, which Windows writes; elsewhere it matches no process. */
function isIdentity(value: unknown): value is ProcessIdentity {
  const identity = value as Partial<ProcessIdentity> | null | undefined;
  return Number.isSafeInteger(identity?.pid) && typeof identity?.startTime === 'string';
}
