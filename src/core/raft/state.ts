/**
 * The paper's Figure 2, split by who owns what. Plain readonly data: what only a leader has lives only in the
 * leader role, what must survive a crash lives in `persistent`, and chance is a seeded word.
 */

import type { HardState } from './ready.ts';
import type { Rules } from './rules.ts';
import type { Chain, EntryId, LogEntry, LogIndex, ProtocolFlags, ServerId, Term } from './types.ts';

/** What a server knows about its own cluster and timing. The same for a whole life. */
export interface RaftConfig {
  readonly id: ServerId;
  /** All voting members, this server included. */
  readonly voters: readonly ServerId[];
  readonly flags: ProtocolFlags;
  /** T: the election timeout is drawn from [T, 2T] anew each time the timer starts (§3.4, §9.3). */
  readonly electionTicks: number;
  readonly heartbeatTicks: number;
  readonly maxEntriesPerMessage: number;
  readonly maxBytesPerMessage: number;
  /** Unanswered AppendEntries with entries a follower may have outstanding (rule L12). */
  readonly maxInFlight: number;
  /** Proposals beyond this many uncommitted entries are answered `busy`. */
  readonly maxUncommittedEntries: number;
  /** Every rule of SPEC.md as one function; a mutant replaces one of them. */
  readonly rules: Rules;
}

/**
 * A log that shares structure: sealed segments of `SEGMENT_ENTRIES` entries and a short tail, so that an
 * append copies the tail and never the log. Entry `i` (1-based) is found by arithmetic.
 */
export interface RaftLog {
  readonly segments: readonly (readonly LogEntry[])[];
  readonly tail: readonly LogEntry[];
}

/** What storage gives back at start. */
export interface RestoredState extends HardState {
  readonly entries: readonly LogEntry[];
}

/** Invariant: matchIndex < nextIndex. */
export type Progress =
  | {
      readonly state: 'probe';
      readonly matchIndex: LogIndex;
      readonly nextIndex: LogIndex;
      readonly probeSent: boolean;
      readonly recentlyActive: boolean;
    }
  | {
      readonly state: 'replicate';
      readonly matchIndex: LogIndex;
      readonly nextIndex: LogIndex /** Last index of each unanswered message, ascending. */;
      readonly inFlight: readonly LogIndex[];
      readonly recentlyActive: boolean;
    };

export type Role =
  | { readonly name: 'follower'; readonly leaderId: ServerId | null }
  | { readonly name: 'pre-candidate'; readonly votes: Readonly<Record<ServerId, boolean>> }
  | { readonly name: 'candidate'; readonly votes: Readonly<Record<ServerId, boolean>> }
  | {
      readonly name: 'leader';
      readonly progress: Readonly<Record<ServerId, Progress>>;
      readonly heartbeatElapsed: number;
      /** Last index before this leader's term: entries above it are its own (rule L1). */
      readonly lastIndexBeforeTerm: LogIndex;
    };

export interface RaftState {
  readonly id: ServerId;
  readonly currentTerm: Term;
  readonly votedFor: ServerId | null;
  readonly log: RaftLog;
  /** What is known to be on this server's own disk. */
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
