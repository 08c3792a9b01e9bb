/**
 * The state of the paper's Figure 2 as plain readonly data. Fields of a leader exist only in the leader role, `durable`
 * records the state that would survive a crash, and randomness is a seeded word.
 */

import type { Chain, EntryId, LogEntry, LogIndex, ServerId, Term } from '../vocabulary/index.ts';
import type { HardState } from './ready.ts';

/**
 * A log that shares structure with its older versions: sealed segments of `SEGMENT_ENTRIES` entries and a short tail.
 * An append copies only the tail. Entry `i` (1-based) is found by arithmetic.
 */
export interface RaftLog {
  readonly segments: readonly (readonly LogEntry[])[];
  readonly tail: readonly LogEntry[];
}

/** The state restored from storage at start. */
export interface RestoredState extends HardState {
  readonly entries: readonly LogEntry[];
}

interface ProgressBase {
  /** Highest index up to which the follower's log is known to equal the leader's. It never falls within a term. */
  readonly matchIndex: LogIndex;
  /** Invariant: matchIndex < nextIndex ≤ last index + 1. */
  readonly nextIndex: LogIndex;
  /** Whether the follower was heard from since the leader's last quorum check (rule P4). */
  readonly recentlyActive: boolean;
  /** leaderCommit of the last message sent. A follower that already got the current commitIndex needs no extra message. */
  readonly commitSent: LogIndex;
}

/**
 * The leader's progress record of one follower. `probe` searches for the last index at which the logs agree;
 * `replicate` streams entries.
 */
export type Progress =
  | (ProgressBase & { readonly state: 'probe'; readonly probeSent: boolean })
  | (ProgressBase & {
      readonly state: 'replicate';
      /** Last index of each unanswered message with entries, ascending. */
      readonly inFlight: readonly LogIndex[];
    });

/** The role of a server, with the state that exists only in this role. */
export type Role =
  | { readonly name: 'follower'; readonly leaderId: ServerId | null }
  | {
      readonly name: 'pre-candidate';
      readonly votes: Readonly<Record<ServerId, boolean>>;
      /** Ticks without a leader's message before this pre-vote began. */
      readonly silentTicks: number;
    }
  | { readonly name: 'candidate'; readonly votes: Readonly<Record<ServerId, boolean>> }
  | {
      readonly name: 'leader';
      readonly progress: Readonly<Record<ServerId, Progress>>;
      readonly heartbeatElapsed: number;
      /** Last index before this leader's term. Entries above it are of its own term (rule L1). */
      readonly lastIndexBeforeTerm: LogIndex;
      /** Highest index that a quorum is known to store, committed or not. */
      readonly quorumIndex: LogIndex;
    };

/** The whole state of a server; plain data, never changed in place. */
export interface RaftState {
  readonly id: ServerId;
  readonly currentTerm: Term;
  readonly votedFor: ServerId | null;
  readonly log: RaftLog;
  /** The part of the log that is known to be on this server's own disk. */
  readonly durable: EntryId & HardState;
  /** Chain at the last entry; GENESIS_CHAIN for an empty log. */
  readonly lastChain: Chain;
  readonly commitIndex: LogIndex;
  readonly lastApplied: LogIndex;
  readonly role: Role;
  /** Ticks since the election timer last started; for a leader, ticks since its last quorum check. */
  readonly electionElapsed: number;
  readonly electionTimeout: number;
  /** Seeded random word, the only source of randomness. */
  readonly random: number;
}
