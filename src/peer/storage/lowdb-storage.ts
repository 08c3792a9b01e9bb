/**
 * The storage of a server: state.json, sealed segments and a tail, each behind lowdb's `Low` with an adapter of our
 * own. The driver calls `write` between stepping and answering, so a batch costs only one append and one fsync.
 */
import { Low } from 'lowdb';
import type { Persist } from '../../core/raft/ready.ts';
import type { LogEntry, LogIndex } from '../../core/vocabulary/index.ts';
import { type Place, segmentAdapter, stateAdapter, syncLogFolder } from './adapters.ts';
import type { Disk } from './disk.ts';
import type { StateDocument, TailMark } from './documents.ts';
import { FORMAT_VERSION, isTemporary, LOG_FOLDER, type Owner, STATE_FILE, segmentPath, tailPath } from './layout.ts';
import { type Found, readFolder } from './load.ts';
import { type Position, positionOf } from './replay.ts';
import { lineGroups, TailFile, type TailHeader } from './tail-file.ts';
import { type Loaded, MAX_SEGMENT_ENTRIES, type RaftStorage, SEAL_ENTRIES, type SealedSegment } from './types.ts';

/** Owner, disk and durability of a storage. */
export interface StorageOptions extends Owner {
  readonly disk: Disk;
  /** True: `fsync`. False: `os-cache`, which survives kill -9 but not a power cut. */
  readonly isDurable: boolean;
  /** True when the server has been ready before, so its files must exist. */
  readonly mustExist: boolean;
  /** Minimum number of entries to seal; tests use less than SEAL_ENTRIES to seal often. */
  readonly sealEntries?: number;
}

/** Creates a storage; `load` opens its files. */
export function lowdbStorage(options: StorageOptions): RaftStorage {
  const { disk, isDurable, runId, server } = options;
  const place: Place = { disk, isDurable, owner: { runId, server } };
  let open: OpenLog | null = null;
  let isBusy = false;
  const exclusively = async <Value>(act: () => Promise<Value>): Promise<Value> => {
    if (isBusy) throw new Error('storage calls must not overlap');
    isBusy = true;
    const value = await act();
    // Not in a finally block: after a failure the contents of the disk are unknown, so further calls must be refused.
    isBusy = false;
    return value;
  };
  const log = (): OpenLog => {
    if (open === null) throw new Error('storage is not loaded');
    return open;
  };
  return {
    load: () =>
      exclusively(async () => {
        const found = await readFolder(place, options.mustExist);
        const { opened, loaded } = found === null ? await firstStart(place) : await goOn(place, found);
        open = opened;
        return loaded;
      }),
    write: (persist) => exclusively(() => writeBatch(log(), persist)),
    seal: (commitIndex) => exclusively(() => seal(log(), commitIndex, options.sealEntries ?? SEAL_ENTRIES)),
    checkpoint: () => exclusively(() => checkpoint(log())),
    close: async () => {
      if (open !== null && !isBusy) await exclusively(() => checkpoint(log()));
      open?.tail.close();
      open = null;
    },
  };
}

/** The open files between calls. Invariant: `unsealed` continues entry `sealed.lastIndex`. */
interface OpenLog {
  readonly place: Place;
  readonly low: Low<StateDocument | null>;
  tail: TailFile;
  sealed: Position;
  unsealed: LogEntry[];
  /** End of the log before the tail's last line. */
  beforeLastLine: Position;
  /** True when the tail has lines that state.json does not cover yet. */
  isUnvouched: boolean;
}

async function firstStart(place: Place): Promise<{ opened: OpenLog; loaded: Loaded }> {
  const { disk, isDurable, owner } = place;
  disk.makeFolder(LOG_FOLDER);
  if (isDurable) for (const folder of ['..', '']) disk.syncFolder(folder);
  const empty = positionOf(undefined);
  const tail = new TailFile(place, tailPath(1));
  tail.low.data = { header: headerOf(owner, empty, 0), batches: [{ generation: 0, truncateFrom: null, entries: [] }] };
  await tail.low.write();
  const low = new Low<StateDocument | null>(stateAdapter(place), null);
  const opened = { place, low, tail, sealed: empty, unsealed: [], beforeLastLine: empty, isUnvouched: false };
  low.data = {
    format: 'raft-lab state',
    version: FORMAT_VERSION,
    ...owner,
    generation: 1,
    currentTerm: 0,
    votedFor: null,
    snapshot: null,
    tail: markOf(opened),
    dropping: null,
  };
  await low.write();
  await appendLine(opened, { truncateFrom: null, entries: [] });
  const state = { currentTerm: 0, votedFor: null, entries: [] };
  return { opened, loaded: { state, isFirstStart: true, tornTail: null } };
}

/** Makes the files that were read durable, repairs an interrupted write, and continues on them. */
async function goOn(place: Place, found: Found): Promise<{ opened: OpenLog; loaded: Loaded }> {
  const { disk, isDurable } = place;
  const { state, tail, entries } = found;
  const tornTail = tail.torn;
  if (tornTail !== null) tail.cut();
  if (isDurable) {
    for (const path of [STATE_FILE, ...found.segments.map(segmentPath)]) syncFile(disk, path);
    tail.sync();
    disk.syncFolder(LOG_FOLDER);
    disk.syncFolder('');
  }
  removeLeftovers(place, found);
  const opened: OpenLog = {
    place,
    low: found.low,
    tail,
    sealed: { lastIndex: found.sealedLast, chain: found.sealedChain },
    unsealed: entries.slice(found.sealedLast),
    beforeLastLine: found.beforeLastLine,
    isUnvouched: true,
  };
  const firstInTail = tail.low.data?.header.first ?? 1;
  if (firstInTail <= found.sealedLast) await rollTail(opened);
  else await checkpoint(opened);
  const { currentTerm, votedFor } = state;
  return { opened, loaded: { state: { currentTerm, votedFor, entries }, isFirstStart: false, tornTail } };
}

function removeLeftovers(place: Place, found: Found): void {
  const { disk } = place;
  for (const folder of ['', LOG_FOLDER]) {
    for (const name of disk.list(folder) ?? []) {
      if (isTemporary(name)) disk.remove(folder === '' ? name : `${folder}/${name}`);
    }
  }
  if (found.dropped !== null) {
    disk.remove(found.dropped.path);
    syncLogFolder(place);
  }
}

/**
 * Writes term and vote first, then the log (rule L11). A batch without entries still appends an empty line, so a stale
 * state.json can be detected on restart.
 */
async function writeBatch(log: OpenLog, { hardState, truncateFrom, entries }: Persist): Promise<void> {
  if (hardState !== null) await writeState(log, hardState);
  const [first = [], ...rest] = lineGroups(entries);
  await appendLine(log, { truncateFrom, entries: first });
  for (const group of rest) await appendLine(log, { truncateFrom: null, entries: group });
  log.isUnvouched = true;
}

async function seal(log: OpenLog, commitIndex: LogIndex, worthIt: number): Promise<readonly SealedSegment[]> {
  const done: SealedSegment[] = [];
  const { place } = log;
  const sealable = Math.min(commitIndex - log.sealed.lastIndex, log.unsealed.length);
  let taken = 0;
  while (sealable - taken >= worthIt) {
    const entries = log.unsealed.slice(taken, Math.min(sealable, taken + MAX_SEGMENT_ENTRIES));
    const first = log.sealed.lastIndex + 1 + taken;
    const last = first + entries.length - 1;
    const low = new Low(segmentAdapter(place, first), null);
    const previousChain = taken === 0 ? log.sealed.chain : positionOf(log.unsealed[taken - 1]).chain;
    low.data = {
      format: 'raft-lab segment',
      version: FORMAT_VERSION,
      ...place.owner,
      first,
      last,
      previousChain,
      entries,
    };
    await low.write();
    done.push({ file: segmentPath(first), first, last });
    taken += entries.length;
  }
  if (taken === 0) return done;
  syncLogFolder(place);
  log.sealed = positionOf(log.unsealed[taken - 1]);
  log.unsealed = log.unsealed.slice(taken);
  await rollTail(log);
  return done;
}

/**
 * Writes a new tail with the unsealed entries, then a state.json that names it, and then removes the old tail. The new
 * tail's second line is empty, so that state.json can cover the first.
 */
async function rollTail(log: OpenLog): Promise<void> {
  const { place, tail: old } = log;
  const generation = stateOf(log).generation;
  const tail = new TailFile(place, tailPath(log.sealed.lastIndex + 1));
  tail.low.data = {
    header: headerOf(place.owner, log.sealed, generation),
    batches: [
      { generation, truncateFrom: null, entries: [...log.unsealed] },
      { generation, truncateFrom: null, entries: [] },
    ],
  };
  await tail.low.write();
  log.tail = tail;
  log.beforeLastLine = endOf(log);
  await writeState(log, stateOf(log), { file: old.path, bytes: old.size });
  old.close();
  place.disk.remove(old.path);
  syncLogFolder(place);
  await appendLine(log, { truncateFrom: null, entries: [] });
  log.isUnvouched = false;
}

/**
 * Replaces state.json between two empty lines. The first empty line lets state.json cover all lines before it; the
 * second records that this state.json was written. So an older copy of either file is detected.
 */
async function checkpoint(log: OpenLog): Promise<void> {
  if (!log.isUnvouched) return;
  await appendLine(log, { truncateFrom: null, entries: [] });
  await writeState(log, stateOf(log));
  await appendLine(log, { truncateFrom: null, entries: [] });
  log.isUnvouched = false;
}

async function writeState(
  log: OpenLog,
  { currentTerm, votedFor }: Pick<StateDocument, 'currentTerm' | 'votedFor'>,
  dropping: StateDocument['dropping'] = null,
): Promise<void> {
  const state = stateOf(log);
  const generation = state.generation + 1;
  log.low.data = { ...state, generation, currentTerm, votedFor, tail: markOf(log), dropping };
  await log.low.write();
}

async function appendLine(log: OpenLog, { truncateFrom, entries }: Omit<Persist, 'hardState'>): Promise<void> {
  const { tail, sealed, unsealed } = log;
  const before = endOf(log);
  const keep = truncateFrom === null ? unsealed.length : truncateFrom - sealed.lastIndex - 1;
  const next = sealed.lastIndex + keep + 1;
  if (keep < 0 || keep > unsealed.length || (entries[0] !== undefined && entries[0].index !== next)) {
    throw new Error(`a batch from ${truncateFrom ?? next} does not continue a log sealed up to ${sealed.lastIndex}`);
  }
  tail.low.data?.batches.push({ generation: stateOf(log).generation, truncateFrom, entries });
  await tail.low.write();
  unsealed.length = keep;
  for (const entry of entries) unsealed.push(entry);
  log.beforeLastLine = before;
}

function stateOf({ low }: OpenLog): StateDocument {
  if (low.data === null) throw new Error('state.json was not read');
  return low.data;
}

function endOf({ sealed, unsealed }: OpenLog): Position {
  return unsealed.length === 0 ? sealed : positionOf(unsealed.at(-1));
}

/** Returns the mark for state.json, which covers all lines but the last, because the last line may be torn. */
function markOf({ tail, beforeLastLine }: OpenLog): TailMark {
  const lastLine = (tail.low.data?.batches.length ?? 0) - 1;
  return { file: tail.path, bytes: tail.startOf(lastLine), ...beforeLastLine };
}

function headerOf(owner: Owner, before: Position, generation: number): TailHeader {
  const first = before.lastIndex + 1;
  return { format: 'raft-lab tail', version: FORMAT_VERSION, ...owner, first, previousChain: before.chain, generation };
}

function syncFile(disk: Disk, path: string): void {
  const file = disk.open(path);
  file.sync();
  file.close();
}
