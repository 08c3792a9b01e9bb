/**
 * The events a server reports: facts in the past tense, each decision with a reason code. They go into the trace unchanged
 * (core/trace adds the envelope). There is one event per batch of entries, never one per entry.
 */
import type { Chain, LogIndex, RoleName, ServerId, Term, TermRun, WireEntry } from '../vocabulary/index.ts';

/** Why the election timer began anew. */
export type TimerReason =
  | 'started'
  | 'restarted'
  | 'heard-from-leader'
  | 'vote-granted'
  | 'election-started'
  | 'stepped-down';

/** Why a vote was not given. */
export type VoteDenialReason =
  | 'E1-stale-term'
  | 'E2-already-voted'
  | 'E3-log-behind'
  | 'P5-leader-lease'
  /** A PreVote asks for a term this server has already reached. */
  | 'P1-not-higher-term';

/** Why a server stopped standing or leading. */
export type StepDownReason =
  | 'E5-higher-term'
  | 'leader-of-this-term'
  | 'P4-no-quorum-contact'
  /** A pre-candidate gave its real vote to another. */
  | 'vote-granted';

/** Everything a server's core says; `term` is its current term unless the event says otherwise. */
export type RaftEvent =
  /** Loaded from disk: the state a (re)started server begins with. */
  | {
      readonly event: 'StateRestored';
      readonly term: Term;
      readonly votedFor: ServerId | null;
      readonly lastIndex: LogIndex;
      readonly chain: Chain;
      readonly runs: readonly TermRun[];
    }
  /** The election timer began anew; it runs out after `timeoutTicks` ticks (rules E6, E9). */
  | {
      readonly event: 'ElectionTimerReset';
      readonly term: Term;
      readonly timeoutTicks: number;
      readonly reason: TimerReason;
    }
  | {
      readonly event: 'TermAdvanced';
      readonly term: Term;
      readonly from: Term;
      readonly reason: 'E5-higher-term' | 'election-started';
    }
  /** A pre-vote round began; `term` is the term it would stand in, the server's own is unchanged (P1). */
  | { readonly event: 'PreVoteStarted'; readonly term: Term; readonly silentTicks: number }
  | {
      readonly event: 'ElectionStarted';
      readonly term: Term;
      readonly silentTicks: number;
      readonly lastLogIndex: LogIndex;
      readonly lastLogTerm: Term;
      readonly reason: 'election-timeout' | 'pre-vote-won';
    }
  | {
      readonly event: 'VoteGranted';
      readonly term: Term;
      readonly candidate: ServerId;
      readonly preVote: boolean;
      readonly reason: 'E3-log-up-to-date';
    }
  | {
      readonly event: 'VoteDenied';
      readonly term: Term;
      readonly candidate: ServerId;
      readonly preVote: boolean;
      readonly reason: VoteDenialReason;
    }
  /** A candidate counted an answer; its own vote counts once it is durable (rule E4). */
  | {
      readonly event: 'VoteCounted';
      readonly term: Term;
      readonly voter: ServerId;
      readonly granted: boolean;
      readonly preVote: boolean;
      readonly granteds: number;
      readonly needed: number;
    }
  | {
      readonly event: 'LeaderElected';
      readonly term: Term;
      readonly voters: readonly ServerId[];
      readonly lastIndex: LogIndex;
      readonly chain: Chain;
    }
  /** A server that was candidate or leader became follower, or a pre-candidate gave up. */
  | {
      readonly event: 'SteppedDown';
      readonly term: Term;
      readonly role: RoleName;
      readonly reason: StepDownReason;
    }
  /** A follower learnt who leads this term. */
  | { readonly event: 'LeaderRecognised'; readonly term: Term; readonly leaderId: ServerId }
  /** The leader gave these entries a place. Content is recorded here, once; never a claim about the disk. */
  | {
      readonly event: 'EntriesProposed';
      readonly term: Term;
      readonly first: LogIndex;
      readonly last: LogIndex;
      readonly chain: Chain;
      readonly entries: readonly WireEntry[];
    }
  /** These entries are durable in this server's log (leader and follower alike). `chain` is at `last`. */
  | {
      readonly event: 'EntriesAppended';
      readonly term: Term;
      readonly first: LogIndex;
      readonly last: LogIndex;
      readonly chain: Chain;
      readonly runs: readonly TermRun[];
    }
  | {
      readonly event: 'EntriesTruncated';
      readonly term: Term;
      readonly from: LogIndex;
      readonly last: LogIndex;
      readonly reason: 'L2-conflict';
      readonly conflictTerm: Term;
      readonly leaderTerm: Term;
    }
  | {
      readonly event: 'AppendRejected';
      readonly term: Term;
      readonly leaderId: ServerId;
      readonly prevLogIndex: LogIndex;
      readonly conflictIndex: LogIndex;
      readonly conflictTerm: Term;
      /** `malformed` and `L2-committed-conflict` (it would overwrite a committed entry) get no answer. */
      readonly reason: 'stale-term' | 'L6-log-too-short' | 'L6-term-differs' | 'malformed' | 'L2-committed-conflict';
    }
  /** The leader's knowledge of a follower changed. */
  | {
      readonly event: 'ProgressChanged';
      readonly term: Term;
      readonly peer: ServerId;
      readonly matchIndex: LogIndex;
      readonly nextIndex: LogIndex;
      readonly state: 'probe' | 'replicate';
    }
  | {
      readonly event: 'CommitAdvanced';
      readonly term: Term;
      readonly from: LogIndex;
      readonly to: LogIndex;
      /** `quorum`: counted here by the leader (L1). `leader-commit`: learnt from the leader (L3). */
      readonly reason: 'quorum' | 'leader-commit';
      readonly chain: Chain;
    }
  /** Stored by a quorum, yet not committed: its term is not the leader's own (L1, paper Fig. 8). Said once per index. */
  | {
      readonly event: 'NotCommitted';
      readonly term: Term;
      readonly index: LogIndex;
      readonly entryTerm: Term;
      readonly reason: 'L1-old-term';
    }
  | {
      readonly event: 'ProposalRejected';
      readonly term: Term;
      readonly reason: 'not-leader' | 'busy';
      readonly leaderId: ServerId | null;
    }
  | {
      readonly event: 'LeadershipLost';
      readonly term: Term;
      readonly uncommittedFrom: LogIndex;
      readonly last: LogIndex;
    };
