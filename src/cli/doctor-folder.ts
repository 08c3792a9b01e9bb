/**
 * The doctor's checks of the data folder: whether it can be written, its owner, the kind and speed of its disk, the
 * free space, the lab that uses it, and whether the clock is behind the recordings. The checks leave no files behind.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  diskKind,
  folderOwner,
  freeBytes,
  fsyncMedianMs,
  inMib,
  leastFreeBytes,
  lockHolder,
  writeProblem,
} from '../lab/index.ts';
import { type Check, verdict } from './doctor-finding.ts';

/** Duration of a flush from which the disk disturbs elections, milliseconds. A heartbeat is sent every 50 ms. */
const SLOW_FSYNC_MS = 20;

/**
 * Time by which the start of a run, read from its name, may lie in the future before the clock counts as set back,
 * milliseconds.
 */
const CLOCK_SLACK_MS = 60_000;

/** The checks, in the order of the report. */
export const FOLDER_CHECKS: Readonly<Record<string, Check>> = {
  folder: async ({ say, dataFolder }) => {
    const problem = await writeProblem(dataFolder);
    const remedy = say('remedyFolder', { problem: problem ?? '' });
    return verdict(problem === null ? 'good' : 'bad', dataFolder, remedy);
  },
  space: async ({ say, dataFolder }) => {
    const free = await freeBytes(dataFolder);
    const least = leastFreeBytes();
    const state = free >= least ? 'good' : 'bad';
    const found = Number.isFinite(free) ? `${(free / 1024 ** 3).toFixed(1)} GiB` : say('unknown');
    return verdict(state, found, say('remedySpace', { least: inMib(least) }));
  },
  fsync: async ({ say, dataFolder }) => {
    const medianMs = await fsyncMedianMs(dataFolder).catch((problem: Error) => problem);
    // The check of the folder reports why nothing can be written.
    if (medianMs instanceof Error) return verdict('missing', say('unknown'), medianMs.message);
    const found = `${medianMs.toFixed(2)} ms`;
    return verdict(medianMs < SLOW_FSYNC_MS ? 'good' : 'missing', found, say('remedyFsync'));
  },
  owner: async ({ say, dataFolder }) => {
    const uid = await folderOwner(dataFolder);
    const own = process.getuid?.();
    const isOwn = own === undefined || own === uid;
    return verdict(isOwn ? 'good' : 'missing', own === undefined ? say('unknown') : String(uid), say('remedyOwner'));
  },
  kind: async ({ say, dataFolder }) => {
    const kind = await diskKind(dataFolder);
    return verdict(kind?.isSound === false ? 'missing' : 'good', kind?.name ?? say('unknown'), say('remedyKind'));
  },
  lock: async ({ say, dataFolder }) => {
    const holder = await lockHolder(join(dataFolder, 'lock'));
    if (holder === null) return verdict('good', say('free'), '');
    const { state, takenAt: since, seenAt: seen, place } = holder;
    const params = { pid: String(holder.pid), since, seen, host: place?.host ?? '' };
    const found = { stopped: 'heldByStopped', elsewhere: 'heldByElsewhere' } as const;
    const key = state === 'stopped' || state === 'elsewhere' ? found[state] : 'heldBy';
    return verdict('missing', say(key, params), say('remedyLock'));
  },
  clock: async ({ say, dataFolder }) => {
    const newest = await newestRunMs(dataFolder);
    const now = new Date();
    const isBehind = newest !== null && newest - CLOCK_SLACK_MS > now.getTime();
    const run = newest === null ? '' : new Date(newest).toISOString();
    return verdict(isBehind ? 'missing' : 'good', now.toISOString(), say('remedyClock', { run }));
  },
};

/** Returns the start of the latest run in milliseconds since 1970, read from its name; null without runs. */
async function newestRunMs(dataFolder: string): Promise<number | null> {
  const names = await readdir(join(dataFolder, 'runs')).catch(() => []);
  const times = names.map((name) => {
    const [, date, hour, minute, second] = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)/.exec(name) ?? [];
    return Date.parse(`${date}T${hour}:${minute}:${second}Z`);
  });
  return times.reduce<number | null>((latest, time) => (time > (latest ?? 0) ? time : latest), null);
}
