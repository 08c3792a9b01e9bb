/**
 * The messages servers exchange. A reply carries everything needed to understand it, so no server has to remember which
 * request it answers.
 */
import type { LogIndex, ServerId, Term, WireEntry } from '../vocabulary/index.ts';

interface Addressed {
  readonly from: ServerId;
  readonly to: ServerId;
  /** The sender's currentTerm; for a PreVote request and a granted PreVote reply the term asked for. */
  readonly term: Term;
}

/** RequestVote of the paper's Figure 2. With `preVote` true it asks "would you vote for me?" and changes no term (§9.6). */
export interface RequestVote extends Addressed {
  readonly type: 'RequestVote';
  readonly preVote: boolean;
  readonly lastLogIndex: LogIndex;
  readonly lastLogTerm: Term;
}

/** The answer to a vote request or a pre-vote request. */
export interface RequestVoteReply extends Addressed {
  readonly type: 'RequestVoteReply';
  readonly preVote: boolean;
  readonly voteGranted: boolean;
}

/** AppendEntries of the paper's Figure 2; without entries it is a heartbeat. The leader is `from`. */
export interface AppendEntries extends Addressed {
  readonly type: 'AppendEntries';
  readonly prevLogIndex: LogIndex;
  readonly prevLogTerm: Term;
  readonly entries: readonly WireEntry[];
  /** The leader's commitIndex; in a heartbeat at most what this follower is known to hold (rule L3). */
  readonly leaderCommit: LogIndex;
}

/** `matchIndex`: my log equals yours up to here (rule L4). A rejection carries a hint (rule L6). */
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

/** Every message between servers. InstallSnapshot and TimeoutNow join here when they are built. */
export type Message = RequestVote | RequestVoteReply | AppendEntries | AppendEntriesReply;
