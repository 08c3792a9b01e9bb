/**
 * Reads a server's folder and verifies it: every byte and chain, and the owner and age of each file. Returns the state
 * that the last life left, or throws StorageDamaged; changes nothing on disk. Flow: lowdb-storage.ts calls this and
 * continues with the result.
 */
import { Low } from 'lowdb';
import type { Chain, LogEntry, LogIndex } from '../../core/vocabulary/index.ts';
import { type Place, segmentAdapter, stateAdapter } from './adapters.ts';
import { StorageDamaged } from './damage.ts';
import type { StateDocument } from './documents.ts';
import { LOG_FOLDER, type LogNames, logNames, STATE_FILE, segmentPath, tailPath } from './layout.ts';
import { appendChecked, type Position, positionOf, replayTail } from './replay.ts';
import { TailFile } from './tail-file.ts';

/** The verified contents of a folder. */
export interface Found {
  /** lowdb's handle on state.json; its data has been read. */
  readonly low: Low<StateDocument | null>;
  readonly state: StateDocument;
  readonly segments: readonly LogIndex[];
  readonly sealedLast: LogIndex;
  readonly sealedChain: Chain;
  /** All entries from index 1, sealed and unsealed. */
  readonly entries: readonly LogEntry[];
  readonly tail: TailFile;
  /** End of the log before the tail's last line. */
  readonly beforeLastLine: Position;
  /** The old tail whose removal was interrupted; null when it is gone. */
  readonly dropped: TailFile | null;
}

/**
 * Reads and verifies the folder.
 *
 * @param mustExist  true when the server has been ready before, so that an empty folder is an error
 * @returns null on the first start, or after a first start that was killed before its end
 * @throws StorageDamaged
 */
export async function readFolder(place: Place, mustExist: boolean): Promise<Found | null> {
  const low = new Low<StateDocument | null>(stateAdapter(place), null);
  await low.read();
  const listed = place.disk.list(LOG_FOLDER);
  const names = logNames(listed ?? []);
  const state = low.data;
  if (state === null) {
    if (!mustExist && (await isUnfinishedFirstStart(place, names))) return null;
    const reason = mustExist ? 'this server has run before and left one' : 'there is a log beside it';
    throw missing(place, STATE_FILE, reason);
  }
  if (listed === null) throw missing(place, LOG_FOLDER, 'state.json says there is a log');
  const tails = await openTails(place, names);
  checkGeneration(place, state, tails);
  const sealed = await readSegments(place, names, state);
  const sealedEnd = positionOf(sealed.at(-1));
  const tail = tails.find(({ path }) => path === state.tail.file);
  if (tail === undefined) throw missing(place, state.tail.file, 'state.json names it');
  const replayed = readTail({ place, tail, state, sealed });
  const dropped = readOtherTails({ place, tails, state, sealed, end: replayed.end });
  return {
    low,
    state,
    segments: names.segments,
    sealedLast: sealedEnd.lastIndex,
    sealedChain: sealedEnd.chain,
    entries: [...sealed, ...replayed.entries.slice(sealed.length - replayed.first + 1)],
    tail,
    beforeLastLine: replayed.beforeLastLine,
    dropped,
  };
}

/**
 * Whether a first start was interrupted. It writes state.json last, so only an untouched first tail may exist without
 * it.
 */
async function isUnfinishedFirstStart(place: Place, names: LogNames): Promise<boolean> {
  if (names.segments.length > 0 || names.tails.some((first) => first !== 1)) return false;
  if (names.tails.length === 0) return true;
  const tail = new TailFile(place, tailPath(1));
  await tail.low.read();
  const batches = tail.low.data?.batches ?? [];
  return batches.every((batch) => batch.generation === 0 && batch.entries.length === 0);
}

async function openTails(place: Place, names: LogNames): Promise<readonly TailFile[]> {
  const tails: TailFile[] = [];
  for (const first of names.tails) {
    const tail = new TailFile(place, tailPath(first));
    await tail.low.read();
    tails.push(tail);
  }
  return tails;
}

/** Checks that no tail was written under a later generation than that of state.json. */
function checkGeneration(place: Place, state: StateDocument, tails: readonly TailFile[]): void {
  for (const tail of tails) {
    const newest = newestGeneration(tail);
    if (newest <= state.generation) continue;
    const reason = `it is generation ${state.generation}, but ${tail.path} was written under generation ${newest}`;
    throw new StorageDamaged({ kind: 'stale', file: place.disk.locate(STATE_FILE), offset: 0, reason });
  }
}

function newestGeneration({ low: { data } }: TailFile): number {
  return data?.batches.at(-1)?.generation ?? data?.header.generation ?? 0;
}

async function readSegments(place: Place, names: LogNames, state: StateDocument): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  for (const first of names.segments) {
    const path = segmentPath(first);
    const file = place.disk.locate(path);
    const damaged = (offset: number, reason: string): StorageDamaged =>
      new StorageDamaged({ kind: 'damaged', file, offset, reason });
    if (first > entries.length + 1) throw missingSegment(place, entries.length + 1);
    const low = new Low(segmentAdapter(place, first), null);
    await low.read();
    const segment = low.data;
    if (segment === null) throw missingSegment(place, first);
    if (segment.first !== first) {
      const reason = `it holds entries ${segment.first} to ${segment.last} under the name of another segment`;
      throw new StorageDamaged({ kind: 'swapped', file, offset: 0, reason });
    }
    if (first <= entries.length) throw damaged(0, `entry ${first} is in another segment too`);
    if (segment.previousChain !== positionOf(entries.at(-1)).chain) {
      throw damaged(0, `its first entry does not continue entry ${first - 1}`);
    }
    for (const entry of segment.entries) {
      const reason = appendChecked(entries, entry, { before: positionOf(entries.at(-1)), state });
      if (reason !== null) throw damaged(offsetOf(place, path, entry.index), reason);
    }
  }
  return entries;
}

interface TailCase {
  readonly place: Place;
  readonly tail: TailFile;
  readonly state: StateDocument;
  readonly sealed: readonly LogEntry[];
}

/** Replays the tail that state.json names, and checks its age and its place in the log. */
function readTail({ place, tail, state, sealed }: TailCase) {
  const file = place.disk.locate(tail.path);
  const replayed = replayTail({ tail, file, state, sealed });
  if (replayed.first > sealed.length + 1) throw missingSegment(place, sealed.length + 1);
  const { bytes, lastIndex, chain } = state.tail;
  if (bytes > tail.size) {
    const reason = `it ends here, but ${bytes} bytes of it were durable when state.json was written`;
    throw new StorageDamaged({ kind: 'stale', file, offset: tail.size, reason });
  }
  const known = replayed.positions.get(bytes);
  if (known === undefined || known.lastIndex !== lastIndex || known.chain !== chain) {
    const reason = `state.json knows a log that ends with entry ${lastIndex} and chain ${chain} here`;
    throw new StorageDamaged({ kind: 'stale', file, offset: bytes, reason });
  }
  const newest = newestGeneration(tail);
  if (newest < state.generation - 1) {
    const reason = `its last line was written under generation ${newest} of state.json, which is at ${state.generation}`;
    throw new StorageDamaged({ kind: 'stale', file, offset: tail.size, reason });
  }
  return replayed;
}

interface OthersCase {
  readonly place: Place;
  readonly tails: readonly TailFile[];
  readonly state: StateDocument;
  readonly sealed: readonly LogEntry[];
  /** The end of the tail that state.json names. */
  readonly end: Position;
}

/**
 * Checks all other tails. A second tail exists only between two steps of sealing, as the old tail that is not yet
 * removed or the new tail that is not yet named.
 *
 * @returns the old tail; null when it is gone
 */
function readOtherTails({ place, tails, state, sealed, end }: OthersCase): TailFile | null {
  let dropped: TailFile | null = null;
  for (const tail of tails.filter(({ path }) => path !== state.tail.file)) {
    const file = place.disk.locate(tail.path);
    const stale = (reason: string): StorageDamaged => new StorageDamaged({ kind: 'stale', file, offset: 0, reason });
    const { dropping } = state;
    const isOld = tail.path === dropping?.file;
    if (isOld && (tail.size !== dropping.bytes || tail.torn !== null)) {
      throw stale(`state.json replaced it when it had ${dropping.bytes} bytes`);
    }
    if (!isOld && !mayBeNext({ tail, state, sealed })) throw stale(`state.json names ${state.tail.file} instead`);
    const replayed = replayTail({ tail, file, state, sealed });
    if (!isOld && replayed.end.chain !== end.chain) throw stale(`it says something else than ${state.tail.file}`);
    if (isOld) dropped = tail;
  }
  return dropped;
}

/** Whether this is the tail that an interrupted seal was about to switch to: complete, and without later writes. */
function mayBeNext({ tail, state, sealed }: Omit<TailCase, 'place'>): boolean {
  const data = tail.low.data;
  return (
    data?.header.first === sealed.length + 1 &&
    data.header.generation === state.generation &&
    data.batches.length === 2 &&
    tail.torn === null
  );
}

function missing(place: Place, path: string, reason: string): StorageDamaged {
  return new StorageDamaged({ kind: 'missing', file: place.disk.locate(path), offset: 0, reason });
}

function missingSegment(place: Place, first: LogIndex): StorageDamaged {
  return missing(place, segmentPath(first), `entry ${first} is nowhere else`);
}

/** Returns the offset of an entry's line in a segment, for the error message. */
function offsetOf(place: Place, path: string, index: LogIndex): number {
  return Math.max(0, place.disk.read(path)?.indexOf(`{"index":${index},`) ?? 0);
}
