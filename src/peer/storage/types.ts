/**
 * The storage interface of the driver: load once, then write batches one at a time. The lowdb storage and the memory
 * storage of the tests implement the same contract, and one test suite checks both.
 */
import type { Persist } from '../../core/raft/ready.ts';
import type { RestoredState } from '../../core/raft/state.ts';
import type { LogIndex } from '../../core/vocabulary/index.ts';

/** A last line that was never finished. Its bytes were never acknowledged and have been cut off. */
export interface TornTail {
  /** Path below the server's folder. */
  readonly file: string;
  /** Offset at which the unfinished line began. */
  readonly offset: number;
  /** Number of bytes that were cut off. */
  readonly bytes: number;
}

/** The state restored at start. */
export interface Loaded {
  readonly state: RestoredState;
  /** True on the very first start, when no file existed. */
  readonly isFirstStart: boolean;
  readonly tornTail: TornTail | null;
}

/** Entries that moved from the tail into a file that never changes again. */
export interface SealedSegment {
  /** Path below the server's folder. */
  readonly file: string;
  readonly first: LogIndex;
  readonly last: LogIndex;
}

/** The storage of one server. Each call is awaited before the next. After a rejection only `close` may be called. */
export interface RaftStorage {
  /**
   * Reads and verifies everything; called once, first.
   * @throws StorageDamaged when a file is not what this server wrote
   * @throws StorageFailed when the disk reports an error
   */
  load(): Promise<Loaded>;
  /**
   * Writes a batch in order, but not atomically: hard state first, then truncation and entries (rule L11). When it
   * resolves, everything is as durable as the run's setting demands (rule E1).
   *
   * @throws StorageFailed
   */
  write(persist: Persist): Promise<void>;
  /**
   * Moves entries at or below `commitIndex` out of the tail once at least SEAL_ENTRIES of them can be moved. Call it
   * off the reply path.
   *
   * @returns the new segments, in order; empty when too few entries could be sealed
   */
  seal(commitIndex: LogIndex): Promise<readonly SealedSegment[]>;
  /**
   * Records how much of the tail is durable, so that an older copy is detected at the next start. Call it off the reply
   * path.
   */
  checkpoint(): Promise<void>;
  /** Resolves once everything is complete on disk. */
  close(): Promise<void>;
}

/** Minimum number of sealable entries that are worth a segment file. */
export const SEAL_ENTRIES = 256;
/** Maximum number of entries in a segment, which is read and checked as a whole. */
export const MAX_SEGMENT_ENTRIES = 4096;
