/**
 * The rules of terms, votes, timers and restarts (E1–E10 of SPEC.md). Each is one pure function that the handlers call
 * through `config.rules` at the place it governs. A mutant replaces one of them.
 */

import type { EntryId, LogIndex, ServerId, Term } from '../vocabulary/index.ts';
import type { TimerReason } from './events.ts';
import type { Message } from './messages.ts';
import { nextRandom } from './random.ts';
import type { RaftState, RestoredState, Role } from './state.ts';

/**
 * Returns true when this message may leave before the step's write is durable. This holds only for a leader's
 * AppendEntries whose term is already durable. Votes, acknowledgements and vote requests would promise something that
 * the disk does not hold yet.
 *
 * @param durableTerm the currentTerm known to be on this server's disk
 * @source §3.8 "each server persists … before responding", §10.2.1; rule E1
 */
export function sendsBeforeWrite(message: Message, durableTerm: Term): boolean {
  return message.type === 'AppendEntries' && message.term === durableTerm;
}

/**
 * Returns the vote of a server that becomes follower of `term`. The vote is cleared only when the term changes: a
 * server that cleared it when stepping down within a term could vote twice.
 *
 * @source §3.4 "at most one candidate in a given term"; rule E2
 */
export function voteAfterTermChange(
  state: { readonly currentTerm: Term; readonly votedFor: ServerId | null },
  term: Term,
): ServerId | null {
  return term === state.currentTerm ? state.votedFor : null;
}

/**
 * Whether a server may vote for this candidate in its term: only when it has not voted in that term, or has voted for the
 * same candidate, because the first reply may have been lost.
 *
 * @param votedFor this server's vote in the term; null: none yet
 * @source §3.4 "at most one candidate in a given term", Figure 3.1 "votedFor is null or candidateId"; rule E2
 */
export function mayVoteFor(candidate: ServerId, votedFor: ServerId | null): boolean {
  return votedFor === null || votedFor === candidate;
}

/**
 * Returns true when the candidate's log is at least as up to date as the server's own. The log with the later last term
 * is more up to date; with equal last terms, the longer one is.
 *
 * @source §3.6.1; rule E3
 */
export function isUpToDate(candidate: EntryId, own: EntryId): boolean {
  return candidate.term !== own.term ? candidate.term > own.term : candidate.index >= own.index;
}

/** A reply to a vote request, or the candidate's own vote. */
export interface Vote {
  readonly voter: ServerId;
  readonly term: Term;
  readonly granted: boolean;
  readonly preVote: boolean;
}

/**
 * Returns true when a vote belongs to the running campaign: it comes from a voter, for this term and this phase. The
 * candidate's own vote counts only when it is on its disk. A granted pre-vote carries the requested term.
 *
 * @source §3.4, §9.6; rule E4
 */
export function countsVote(
  state: Pick<RaftState, 'id' | 'currentTerm' | 'role' | 'durable'>,
  vote: Vote,
  voters: readonly ServerId[],
): boolean {
  if (!voters.includes(vote.voter)) {
    return false;
  }
  if (vote.preVote) {
    return state.role.name === 'pre-candidate' && vote.term === state.currentTerm + (vote.granted ? 1 : 0);
  }
  if (state.role.name !== 'candidate' || vote.term !== state.currentTerm) {
    return false;
  }
  const { durable } = state;
  return vote.voter !== state.id || (durable.currentTerm === state.currentTerm && durable.votedFor === state.id);
}

/**
 * Returns true when the receiver of a message must become follower of the message's term. This happens for every higher
 * term, before the message is handled.
 *
 * @source §3.3 "if … its term is out of date, it immediately reverts to follower state"; rule E5
 */
export function adoptsTerm(messageTerm: Term, currentTerm: Term): boolean {
  return messageTerm > currentTerm;
}

/** Causes for which an implementation might restart the election timer. */
export type TimerCause =
  | 'append-accepted'
  /** The message comes from this term's leader, but the logs differ. It still shows that the leader is alive. */
  | 'append-mismatch'
  | 'append-stale'
  | 'vote-granted'
  /** A candidate that asked again gets the same vote again; no new vote was granted. */
  | 'vote-repeated'
  | 'vote-denied'
  | 'election-started'
  | 'term-adopted'
  /** A leader has no election timer. As a follower it needs one. */
  | 'leader-stepped-down';

/**
 * Returns the reason to restart the election timer, or null. A message of the current leader, a granted vote and the
 * start of an election restart it. Stale messages, refused votes, repeated votes and a higher term alone do not;
 * otherwise servers that cannot win would prevent elections.
 *
 * @returns the reason for the trace; null when the timer keeps running
 * @source §3.4, Figure 3.1 "Rules for followers"; rule E6
 */
export function restartsElectionTimer(cause: TimerCause): TimerReason | null {
  switch (cause) {
    case 'append-accepted':
    case 'append-mismatch':
      return 'heard-from-leader';
    case 'vote-granted':
      return 'vote-granted';
    case 'election-started':
      return 'election-started';
    case 'leader-stepped-down':
      return 'stepped-down';
    case 'append-stale':
    case 'vote-repeated':
    case 'vote-denied':
    case 'term-adopted':
      return null;
  }
}

/**
 * Returns the term, vote and log with which a life begins: all that the disk held, unchanged. A server that lost its
 * vote could vote twice in a term. A server that lost an acknowledged entry could make a committed entry disappear.
 *
 * @param restored what the disk held, null for an empty disk
 * @source Figure 3.1 "Persistent state on all servers", §3.8; rule E7
 */
export function restoredState(restored: RestoredState | null): RestoredState | null {
  return restored;
}

/**
 * The role of a server when it starts: follower without a known leader, independent of its last role and of the size of
 * the cluster.
 *
 * @param _restored state restored from disk, null for an empty disk; unused by the correct rule
 * @source §3.4 "when servers start up, they begin as followers"; rule E7
 */
export function restoredRole(_restored: RestoredState | null): Role {
  return { name: 'follower', leaderId: null };
}

/**
 * Returns the part of this server's own log, up to `index`, that it may count towards a majority or apply: entries on
 * its own disk. A cluster of one server therefore commits only after its own write.
 *
 * @source §10.2.1; rule E8
 */
export function durablePart(index: LogIndex, durableIndex: LogIndex): LogIndex {
  return Math.min(index, durableIndex);
}

/**
 * Draws an election timeout from [T, 2T], or up to another longest timeout; each start of the timer draws again.
 *
 * @param electionTicks T
 * @param random        the state's word; the next one is returned with the draw
 * @param longestTicks  the longest timeout, at least T; 2T by default
 * @source §3.4, §9.3; rule E9
 */
export function drawElectionTimeout(
  electionTicks: number,
  random: number,
  longestTicks: number = 2 * electionTicks,
): { readonly timeoutTicks: number; readonly random: number } {
  const next = nextRandom(random);
  return { timeoutTicks: electionTicks + (next % (longestTicks - electionTicks + 1)), random: next };
}

/**
 * Returns true when a candidate sends its vote request again to the servers that have not answered. It does so at the
 * interval of heartbeats until its timer runs out, so that a lost request or reply does not cost the election.
 *
 * @param electionElapsed ticks since the campaign began
 * @source paper §5.1 "servers retry RPCs if they do not receive a response in a timely manner"; rule E10
 */
export function asksAgain(electionElapsed: number, heartbeatTicks: number): boolean {
  return electionElapsed % heartbeatTicks === 0;
}
