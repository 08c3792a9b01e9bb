/**
 * The paper's Figure 2, split by who owns what. Plain readonly data: what only a leader has lives only in the
 * leader role, what must survive a crash lives in `persistent`, and chance is a seeded word.
 */

import type { Chain, EntryId, LogEntry, LogIndex, ServerId, Term } from '../vocabulary/index.ts';
import type { HardState } from './ready.ts';

/**
 * A log that shares structure: sealed segments of `SEGMENT_ENTRIES` entries and a short tail, so that an
 * append copies the tail and never the log. Entry `i` (1-based) is found by arithmetic.
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
  /** Highest index known to equal the leader's log there. Never falls within a term. */
  readonly matchIndex: LogIndex;
  /** Invariant: matchIndex < nextIndex ≤ last index + 1. */
  readonly nextIndex: LogIndex;
  /** Whether the follower was heard from since the leader's last quorum check (rule P4). */
  readonly recentlyActive: boolean;
  /** leaderCommit of the last message sent. A follower that already got the current commitIndex needs no extra message. */
  readonly commitSent: LogIndex;
}

/** The leader's progress record of one follower: `probe` looks for the place where the logs meet, `replicate` streams. */
export type Progress =
  | (ProgressBase & { readonly state: 'probe'; readonly probeSent: boolean })
  | (ProgressBase & {
      readonly state: 'replicate';
      /** Last index of each unanswered message with entries, ascending. */
      readonly inFlight: readonly LogIndex[];
    });

/** The role of a server, with the state that only this role has. */
export type Role =
  | { readonly name: 'follower'; readonly leaderId: ServerId | null }
  | {
      readonly name: 'pre-candidate';
      readonly votes: Readonly<Record<ServerId, boolean>>;
      /** Ticks of silence that led to this pre-vote. */
      readonly silentTicks: number;
    }
  | { readonly name: 'candidate'; readonly votes: Readonly<Record<ServerId, boolean>> }
  | {
      readonly name: 'leader';
      readonly progress: Readonly<Record<ServerId, Progress>>;
      readonly heartbeatElapsed: number;
      /** Last index before this leader's term: entries above it are its own (rule L1). */
      readonly lastIndexBeforeTerm: LogIndex;
      /** Highest index a quorum was seen to store, committed or not. */
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
  /** Ticks since the election timer last began (for a leader: since its last quorum check). */
  readonly electionElapsed: number;
  readonly electionTimeout: number;
  /** Seeded word; the only source of chance. */
  readonly random: number;
}
