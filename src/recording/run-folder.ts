/**
 * Creates, finds and lists run folders: `<dataFolder>/runs/<runId>/` with manifest.json, events.jsonl and servers/S1/….
 * Folders have mode 0700 and files 0600, so only their owner can read a run.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RunSettings } from '../core/catalogue/index.ts';
import type { RunSummary } from '../core/lab-api/api.ts';
import { flawWord } from '../core/trace/flaw.ts';
import { syncFolder } from '../program/atomic-file.ts';
import { makeFolder } from '../program/make-folder.ts';
import { fewAtOnce } from './few-at-once.ts';
import { ListedFlaws } from './listed-flaws.ts';
import { lockHolder } from './lock.ts';
import { type Manifest, readManifest, writeManifest } from './manifest.ts';
import { type Dated, newestFirst, nextNumber } from './run-order.ts';
import { isRunId, runPaths } from './run-paths.ts';
import { isUnfinished } from './unfinished-runs.ts';
import { keptOutcome } from './verdict-file.ts';

export { isRunId, runPaths, serverFolder } from './run-paths.ts';

/** A new run's id, folder and manifest. */
export interface RunFolder {
  readonly runId: string;
  readonly folder: string;
  readonly manifest: Manifest;
}

/**
 * Makes the folder of a new run, with its manifest and one folder for each server. All of it is durable when the
 * promise resolves. Rejects with the file system's error when the data folder cannot be written.
 */
export async function createRunFolder(made: {
  readonly dataFolder: string;
  readonly settings: RunSettings;
  readonly raftLab: string;
  /** Name of the scenario that the run is made for. */
  readonly scenario?: string | undefined;
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
  const scenario = made.scenario === undefined ? {} : { scenario: made.scenario };
  const createdAt = now.toISOString();
  const manifest = await writeManifest(folder, { runId, number, createdAt, ...scenario, raftLab, settings });
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
      // Another run of the same second has this id: draw again.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/**
 * Returns the folder of an existing run. Returns null for a name that is not a run id, so that no request can name
 * another path.
 */
export async function findRun(dataFolder: string, runId: string): Promise<string | null> {
  if (!isRunId(runId)) return null;
  const folder = join(dataFolder, 'runs', runId);
  const found = await stat(folder).catch(() => null);
  return found?.isDirectory() ? folder : null;
}

/**
 * Number of manifests read for each run that is wanted. A folder's name holds the start time, but the clock may have
 * been wrong.
 */
const READ_FOR_EACH = 3;

/**
 * Lists the runs, newest first. A folder that cannot be read is listed with its problem.
 *
 * @param newest  maximum number of runs; only a few times as many manifests are read, those with the latest names
 */
export async function listRuns(dataFolder: string, newest = Number.POSITIVE_INFINITY): Promise<readonly RunSummary[]> {
  const folders = (await runsIn(join(dataFolder, 'runs'))).toSorted().reverse();
  const read = folders.slice(0, newest * READ_FOR_EACH);
  const flaws = new ListedFlaws();
  const listed = await fewAtOnce(read, (folder) => summaryOf(folder, basename(folder), flaws));
  return newestFirst(listed)
    .slice(0, newest)
    .map(({ number: _, ...summary }) => summary);
}

/** Returns the run folders in `runs`; none when it is missing. */
async function runsIn(runs: string): Promise<readonly string[]> {
  const names = await readdir(runs).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter(isRunId).map((name) => join(runs, name));
}

/** Describes one run. Never rejects, so that one unreadable run does not hide the others. */
async function summaryOf(folder: string, runId: string, flaws: ListedFlaws): Promise<RunSummary & Dated> {
  const { events, lock } = runPaths(folder);
  const read = await readManifest(folder);
  const live = await lockHolder(lock).then(
    (holder) => holder !== null,
    () => false,
  );
  const recorded = await stat(events).catch(() => null);
  const bytes = recorded?.size ?? 0;
  const about = { runId, bytes, live, isUnfinished: bytes === 0 && !live && (await isUnfinished(folder)) };
  if (!read.ok) {
    const unknown = { startedAt: startOf(runId), settings: NO_SETTINGS, title: '', note: '', scenario: null };
    return { ...about, ...unknown, verdict: 'damaged', number: null, ok: false, problem: read.problem };
  }
  const { createdAt, settings, title = '', note = '', scenario = null, number = 0 } = read.manifest;
  const made = { settings, title, note, scenario };
  if (read.manifest.runId !== runId) {
    const problem = `manifest.json is of run ${read.manifest.runId}`;
    return { ...about, startedAt: startOf(runId), ...made, verdict: 'damaged', number: null, ok: false, problem };
  }
  const started = { ...about, startedAt: createdAt, ...made, number };
  if (recorded === null) return { ...started, verdict: 'damaged', ok: false, problem: 'events.jsonl is missing' };
  if (live) return { ...started, verdict: 'not-judged', ok: true, problem: '' };
  const kept = await keptOutcome(folder, events);
  const flaw = about.isUnfinished ? null : await flaws.of(events, recorded, read.manifest).catch(() => null);
  if (flaw === null) return { ...started, verdict: kept, ok: true, problem: '' };
  // A violation that was proved while the run was live stays, even when the recording is damaged now.
  const verdict = kept === 'violated' ? kept : flawWord(flaw);
  return { ...started, verdict, ok: true, problem: '', flaw };
}

function startOf(runId: string): string {
  const [date, time] = runId.slice(0, 19).split('T');
  return `${date}T${time?.replaceAll('-', ':')}.000Z`;
}

/** Settings shown for a run whose manifest cannot be read. */
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
