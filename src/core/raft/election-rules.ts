/**
 * The rules of terms, votes, timers and restarts (E1–E10 of SPEC.md), each one pure function that the handlers
 * call through `config.rules` at exactly the place it governs. A mutant replaces one of them.
 */

import type { EntryId, LogIndex, ServerId, Term } from '../vocabulary/index.ts';
import type { TimerReason } from './events.ts';
import type { Message } from './messages.ts';
import { nextRandom } from './random.ts';
import type { RaftState, RestoredState, Role } from './state.ts';

/**
 * May this message leave before this step's write is durable? Only a leader's AppendEntries, and only when its
 * term already is; votes, acknowledgements and vote requests would promise what the disk does not hold yet.
 *
 * @param durableTerm the currentTerm known to be on this server's disk
 * @source §3.8 "each server persists … before responding", §10.2.1; rule E1
 */
export function sendsBeforeWrite(message: Message, durableTerm: Term): boolean {
  return message.type === 'AppendEntries' && message.term === durableTerm;
}

/**
 * The vote a server holds when it becomes follower of `term`: forgotten only when the term changes. A step-down
 * inside a term keeps it, or the server could vote twice.
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
 * Is a log at least as up to date as another? The later last term wins; only between equal terms the longer log.
 *
 * @source §3.6.1; rule E3
 */
export function isUpToDate(candidate: EntryId, own: EntryId): boolean {
  return candidate.term !== own.term ? candidate.term > own.term : candidate.index >= own.index;
}

/** An answer to a vote request, or the candidate's own vote. */
export interface Vote {
  readonly voter: ServerId;
  readonly term: Term;
  readonly granted: boolean;
  readonly preVote: boolean;
}

/**
 * Does this vote belong to the campaign that is running now? Only from a member, for this term and this phase;
 * the candidate's own vote only once it is on its disk. A granted pre-vote names the term asked for.
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
 * A higher term in any message makes its receiver follower of that term, before anything else is looked at.
 *
 * @source §3.3 "if … its term is out of date, it immediately reverts to follower state"; rule E5
 */
export function adoptsTerm(messageTerm: Term, currentTerm: Term): boolean {
  return messageTerm > currentTerm;
}

/** Everything that might be taken for a reason to start the election timer anew. */
export type TimerCause =
  | 'append-accepted'
  /** From the leader of this term, but the logs differ: it is alive all the same. */
  | 'append-mismatch'
  | 'append-stale'
  | 'vote-granted'
  /** The same vote given again to a candidate that asked again: nothing new was granted. */
  | 'vote-repeated'
  | 'vote-denied'
  | 'election-started'
  | 'term-adopted'
  /** A leader has no election timer; as a follower it needs one. */
  | 'leader-stepped-down';

/**
 * Does this restart the election timer? Hearing the current leader, granting a vote and starting an election do;
 * stale messages, refused votes, a vote given once more and a higher term alone do not, or servers that cannot win
 * would silence others.
 *
 * @returns the reason for the trace, or null: the timer runs on
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
 * The term, vote and log a life begins with: all that the disk held, unchanged. Without its vote a server could vote
 * twice in a term; without an entry it acknowledged, a committed entry could be lost.
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
 * The part of this server's own log, up to `index`, that it may count towards a majority or apply: what is on its
 * own disk. So a cluster of one commits only after its own write.
 *
 * @source §10.2.1; rule E8
 */
export function durablePart(index: LogIndex, durableIndex: LogIndex): LogIndex {
  return Math.min(index, durableIndex);
}

/**
 * An election timeout drawn from [T, 2T], anew each time the timer starts.
 *
 * @param electionTicks T
 * @param random        the state's word; the next one is returned with the draw
 * @source §3.4, §9.3; rule E9
 */
export function drawElectionTimeout(
  electionTicks: number,
  random: number,
): { readonly timeoutTicks: number; readonly random: number } {
  const next = nextRandom(random);
  return { timeoutTicks: electionTicks + (next % (electionTicks + 1)), random: next };
}

/**
 * Does a candidate ask those once more who have not answered yet? As often as a leader would send heartbeats, until
 * its timer runs out: a lost request or answer need not cost an election.
 *
 * @param electionElapsed ticks since it began to ask
 * @source paper §5.1 "servers retry RPCs if they do not receive a response in a timely manner"; rule E10
 */
export function asksAgain(electionElapsed: number, heartbeatTicks: number): boolean {
  return electionElapsed % heartbeatTicks === 0;
}
