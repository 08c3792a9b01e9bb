/**
 * The rules of PreVote and CheckQuorum (P1–P5 of SPEC.md). Each flag also works alone. Pure functions, called
 * through `config.rules`.
 */

import type { ServerId, Term } from '../vocabulary/index.ts';
import type { Message } from './messages.ts';
import { quorumSize } from './quorum.ts';
import type { RaftState, Role } from './state.ts';

/**
 * Does this message carry a term that is only asked for? A PreVote request and a granted PreVote reply do, so
 * neither changes its receiver's term. A rejected one carries a real term, and a higher one is adopted.
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
 * The term a PreVote reply carries: the one asked for when it is granted, else the server's own, so that a server
 * that fell behind learns it.
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
 * Is a message of an older term answered? Requests are, with the higher term: a server stuck at a higher term
 * would otherwise never get its leader to move on. Replies are not.
 *
 * @source Figure 3.1 "reply false if term < currentTerm"; rule P3
 */
export function answersStale(message: Message): boolean {
  return message.type === 'AppendEntries' || message.type === 'RequestVote';
}

/**
 * Whether the leader has heard from a majority, itself included, within an election timeout. Otherwise it steps down
 * (CheckQuorum), because it cannot commit anything and keeps clients waiting.
 *
 * @param activeCount servers heard from, this one included
 * @source §6.2; rule P4
 */
export function hasQuorumContact(activeCount: number, voterCount: number): boolean {
  return activeCount >= quorumSize(voterCount);
}

/**
 * Does this server have a live leader (or is it one)? Then a vote request is a disturbance: with CheckQuorum it is
 * ignored without adopting its term, and a PreVote is answered with no.
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
