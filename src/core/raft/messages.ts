/**
 * The messages that servers exchange. A reply contains all that is needed to interpret it, so no server has to remember
 * which request it answers.
 */
import type { LogIndex, ServerId, Term, WireEntry } from '../vocabulary/index.ts';

interface Addressed {
  readonly from: ServerId;
  readonly to: ServerId;
  /** The sender's currentTerm. A PreVote request and a granted PreVote reply carry the requested term instead. */
  readonly term: Term;
}

/**
 * RequestVote of the paper's Figure 2. With `preVote` true it only asks whether the receiver would vote, and no term
 * changes (§9.6).
 */
export interface RequestVote extends Addressed {
  readonly type: 'RequestVote';
  readonly preVote: boolean;
  readonly lastLogIndex: LogIndex;
  readonly lastLogTerm: Term;
}

/** The reply to a vote request or a pre-vote request. */
export interface RequestVoteReply extends Addressed {
  readonly type: 'RequestVoteReply';
  readonly preVote: boolean;
  readonly voteGranted: boolean;
}

/** AppendEntries of the paper's Figure 2; a heartbeat when it has no entries. `from` is the leader. */
export interface AppendEntries extends Addressed {
  readonly type: 'AppendEntries';
  readonly prevLogIndex: LogIndex;
  readonly prevLogTerm: Term;
  readonly entries: readonly WireEntry[];
  /** The leader's commitIndex; in a heartbeat at most what this follower is known to hold (rule L3). */
  readonly leaderCommit: LogIndex;
}

/**
 * The reply to AppendEntries. `matchIndex` of a success: the logs are equal up to this index (rule L4). A rejection
 * carries a hint (rule L6).
 */
export type AppendEntriesReply = Addressed & { readonly type: 'AppendEntriesReply' } & (
    | { readonly success: true; readonly matchIndex: LogIndex }
    | {
        readonly success: false;
        /** prevLogIndex of the rejected request, echoed so that the leader recognises a late rejection (rule L5). */
        readonly prevLogIndex: LogIndex;
        /** First index of the conflicting term, or last index + 1 when the log is too short. */
        readonly conflictIndex: LogIndex;
        /** Term of the follower's entry at prevLogIndex, or 0 when it has none there. */
        readonly conflictTerm: Term;
      }
  );

/** Every message between servers. InstallSnapshot and TimeoutNow will join this union when they are built. */
export type Message = RequestVote | RequestVoteReply | AppendEntries | AppendEntriesReply;
