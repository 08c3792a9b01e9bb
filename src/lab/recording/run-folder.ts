/**
 * Where runs live: `<dataFolder>/runs/<runId>/` with manifest.json, events.jsonl and servers/S1/…. Folders are
 * mode 0700 and files 0600: a run belongs to who made it.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RunSummary } from '../../core/lab-api/api.ts';
import type { RunSettings } from '../../core/trace/events.ts';
import { makeFolder } from '../make-folder.ts';
import { syncFolder } from './atomic-file.ts';
import { fewAtOnce } from './few-at-once.ts';
import { LOCK_FILE, lockHolder } from './lock.ts';
import { type Manifest, readManifest, writeManifest } from './manifest.ts';
import { type Dated, newestFirst, nextNumber } from './run-order.ts';

/** `2026-11-23T20-23-28-4f2a`: UTC to the second by the machine's clock, and four random digits. */
const RUN_ID = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-[0-9a-f]{4}$/;

/** Where the files of a run are. */
export interface RunPaths {
  readonly events: string;
  readonly lock: string;
  readonly servers: string;
}

/** A new run's id and folder. */
export interface RunFolder {
  readonly runId: string;
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Files and folders inside a run folder. */
export function runPaths(folder: string): RunPaths {
  return { events: join(folder, 'events.jsonl'), lock: join(folder, LOCK_FILE), servers: join(folder, 'servers') };
}

/** Folder of one server inside a run folder. */
export function serverFolder(folder: string, server: string): string {
  return join(runPaths(folder).servers, server);
}

/**
 * Makes the folder of a new run with its manifest and one folder a server; all of it is durable when resolved.
 * Rejects with the file system's error when the data folder cannot be written.
 */
export async function createRunFolder(made: {
  readonly dataFolder: string;
  readonly settings: RunSettings;
  readonly raftLab: string;
  readonly now?: Date;
}): Promise<RunFolder> {
  const runs = join(made.dataFolder, 'runs');
  await makeFolder(runs);
  const now = made.now ?? new Date();
  const number = await nextNumber(await runsIn(runs));
  const { runId, folder } = await makeFresh(runs, now);
  const { servers } = runPaths(folder);
  await mkdir(servers, { mode: 0o700 });
  for (const server of made.settings.servers) await mkdir(join(servers, server), { mode: 0o700 });
  await syncFolder(servers);
  const { settings, raftLab } = made;
  const manifest = await writeManifest(folder, { runId, number, createdAt: now.toISOString(), raftLab, settings });
  await syncFolder(runs);
  return { runId, folder, manifest };
}

async function makeFresh(runs: string, now: Date): Promise<{ readonly runId: string; readonly folder: string }> {
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '-');
  for (;;) {
    const runId = `${stamp}-${randomBytes(2).toString('hex')}`;
    const folder = join(runs, runId);
    try {
      await mkdir(folder, { mode: 0o700 });
      return { runId, folder };
    } catch (error) {
      // Taken by another run of the same second: draw again.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Whether a folder of this name is a run's: what else lies beside the runs is passed over. */
export function isRunId(name: string): boolean {
  return RUN_ID.test(name);
}

/** The folder of a run that exists; null for a name that is no run's, so that a door can never name a path. */
export async function findRun(dataFolder: string, runId: string): Promise<string | null> {
  if (!isRunId(runId)) return null;
  const folder = join(dataFolder, 'runs', runId);
  const found = await stat(folder).catch(() => null);
  return found?.isDirectory() ? folder : null;
}

/** Read for each run that is wanted: its name says when it began, but by a clock that may have been wrong. */
const READ_FOR_EACH = 3;

/**
 * The runs, newest first; a folder that cannot be read is listed with its problem.
 *
 * @param newest  at most so many; then only a few times as many manifests are read, those with the latest names
 */
export async function listRuns(dataFolder: string, newest = Number.POSITIVE_INFINITY): Promise<readonly RunSummary[]> {
  const folders = (await runsIn(join(dataFolder, 'runs'))).toSorted().reverse();
  const read = folders.slice(0, newest * READ_FOR_EACH);
  const listed = await fewAtOnce(read, (folder) => summaryOf(folder, basename(folder)));
  return newestFirst(listed)
    .slice(0, newest)
    .map(({ number: _, ...summary }) => summary);
}

/** The run folders in `runs`. */
async function runsIn(runs: string): Promise<readonly string[]> {
  const names = await readdir(runs).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter(isRunId).map((name) => join(runs, name));
}

/** Never rejects: one run that cannot be read must not keep the others from the list. */
async function summaryOf(folder: string, runId: string): Promise<RunSummary & Dated> {
  const { events, lock } = runPaths(folder);
  const read = await readManifest(folder);
  const live = await lockHolder(lock).then(
    (holder) => holder !== null,
    () => false,
  );
  const recorded = await stat(events).catch(() => null);
  const bytes = recorded?.size ?? 0;
  if (!read.ok) {
    return {
      runId,
      startedAt: startOf(runId),
      settings: NO_SETTINGS,
      bytes,
      live,
      number: null,
      ok: false,
      problem: read.problem,
    };
  }
  const { createdAt, settings, number = 0 } = read.manifest;
  if (read.manifest.runId !== runId) {
    const problem = `manifest.json is of run ${read.manifest.runId}`;
    return { runId, startedAt: startOf(runId), settings, bytes, live, number: null, ok: false, problem };
  }
  const problem = recorded === null ? 'events.jsonl is missing' : '';
  return { runId, startedAt: createdAt, settings, bytes, live, number, ok: problem === '', problem };
}

function startOf(runId: string): string {
  const [date, time] = runId.slice(0, 19).split('T');
  return `${date}T${time?.replaceAll('-', ':')}.000Z`;
}

/** Shown for a run whose manifest cannot be read. */
const NO_SETTINGS: RunSettings = {
  servers: [],
  pace: 'real',
  preset: 'custom',
  flags: { preVote: false, checkQuorum: false, noop: false },
  durability: 'fsync',
  electionTicks: 0,
  heartbeatTicks: 0,
  seed: 0,
};
