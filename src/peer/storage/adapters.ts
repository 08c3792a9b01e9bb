/**
 * The lowdb adapters of the two kinds of documents. They replace lowdb's own JSONFile, which never fsyncs and checks
 * nothing. A read verifies every byte; a write is atomic and as durable as the run's setting demands.
 */
import type { Adapter } from 'lowdb';
import type { Disk } from './disk.ts';
import {
  decodeSegment,
  decodeState,
  encodeSegment,
  encodeState,
  type SegmentDocument,
  type StateDocument,
} from './documents.ts';
import { LOG_FOLDER, type Owner, STATE_FILE, segmentPath } from './layout.ts';
import { replaceFile } from './replace.ts';

/** Options that all adapters share. */
export interface Place {
  readonly disk: Disk;
  readonly owner: Owner;
  /** True: fsync after each write. False: leave it to the operating system's cache (`os-cache`). */
  readonly isDurable: boolean;
}

/**
 * Adapter of `state.json`. A write is durable, name included, when it resolves. Reads null when the file is missing.
 */
export function stateAdapter({ disk, owner, isDurable }: Place): Adapter<StateDocument | null> {
  return {
    read: async () => {
      const bytes = disk.read(STATE_FILE);
      return bytes === null ? null : decodeState(bytes, disk.locate(STATE_FILE), owner);
    },
    write: async (state) => {
      if (state === null) throw new Error('state.json is never emptied');
      replaceFile(disk, STATE_FILE, encodeState(state), isDurable);
      if (isDurable) disk.syncFolder('');
    },
  };
}

/**
 * Adapter of `log/<first>.json`, which is written once. The caller makes the names of several segments durable
 * together.
 */
export function segmentAdapter({ disk, owner, isDurable }: Place, first: number): Adapter<SegmentDocument | null> {
  const path = segmentPath(first);
  return {
    read: async () => {
      const bytes = disk.read(path);
      return bytes === null ? null : decodeSegment(bytes, disk.locate(path), owner);
    },
    write: async (segment) => {
      if (segment === null) throw new Error('a segment is never emptied');
      replaceFile(disk, path, encodeSegment(segment), isDurable);
    },
  };
}

/** Makes the names in `log/` durable. */
export function syncLogFolder({ disk, isDurable }: Place): void {
  if (isDurable) disk.syncFolder(LOG_FOLDER);
}
