/**
 * The rules of PreVote and CheckQuorum (P1–P5 of SPEC.md). Each of the two flags also works without the other. Pure
 * functions, called through `config.rules`.
 */

import type { ServerId, Term } from '../vocabulary/index.ts';
import type { Message } from './messages.ts';
import { quorumSize } from './quorum.ts';
import type { RaftState, Role } from './state.ts';

/**
 * Returns true when a message carries a requested term instead of its sender's. A PreVote request and a granted PreVote
 * reply do, so they do not change the receiver's term. A rejected PreVote reply carries its sender's term, and the
 * receiver adopts a higher one.
 *
 * @source §9.6; rule P1
 */
export function carriesAskedTerm(message: Message): boolean {
  return (
    (message.type === 'RequestVote' && message.preVote) ||
    (message.type === 'RequestVoteReply' && message.preVote && message.voteGranted)
  );
}

/**
 * Returns the term of a PreVote reply: the requested term when it is granted, otherwise the server's own term, so that
 * a server that fell behind learns it.
 *
 * @source §9.6; rule P1
 */
export function preVoteReplyTerm(from: {
  readonly granted: boolean;
  readonly askedTerm: Term;
  readonly currentTerm: Term;
}): Term {
  return from.granted ? from.askedTerm : from.currentTerm;
}

/**
 * The votes a pre-candidate starts with: an empty set, even after an earlier campaign. A pre-candidate knows no leader (its
 * role has no field for one), so it answers other pre-votes by their logs alone.
 *
 * @source §9.6; rule P2
 */
export function preCandidateVotes(_previous: Role): Readonly<Record<ServerId, boolean>> {
  return {};
}

/**
 * Returns true when a message of an older term is answered. Requests are answered with the higher term: otherwise a
 * server with a higher term would never make its leader step down. Replies are not answered.
 *
 * @source Figure 3.1 "reply false if term < currentTerm"; rule P3
 */
export function answersStale(message: Message): boolean {
  return message.type === 'AppendEntries' || message.type === 'RequestVote';
}

/**
 * Returns true when the leader heard from a majority, itself included, within an election timeout. Otherwise it steps
 * down (CheckQuorum), because it cannot commit anything and keeps clients waiting.
 *
 * @param activeCount number of servers heard from, this one included
 * @source §6.2; rule P4
 */
export function hasQuorumContact(activeCount: number, voterCount: number): boolean {
  return activeCount >= quorumSize(voterCount);
}

/**
 * Returns true when this server leads or has heard from a live leader within T. A vote request is then a disturbance:
 * with CheckQuorum it is ignored without adopting its term, and a pre-vote is denied.
 *
 * @param electionTicks T, the shortest election timeout
 * @source §4.2.3, §9.6; rule P5
 */
export function isInLeaderLease(state: Pick<RaftState, 'role' | 'electionElapsed'>, electionTicks: number): boolean {
  const { role } = state;
  return (
    role.name === 'leader' ||
    (role.name === 'follower' && role.leaderId !== null && state.electionElapsed < electionTicks)
  );
}
