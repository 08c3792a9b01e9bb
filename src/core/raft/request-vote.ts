/**
 * RequestVote and PreVote at the receiver (Figure 3.1 "RequestVote RPC", §9.6). `step` has already applied the term
 * rule. Every reply waits for the write (E1).
 */
import { type Context, sendMessage } from './context.ts';
import type { VoteDenialReason } from './events.ts';
import { lastEntryId } from './log.ts';
import type { RequestVote } from './messages.ts';
import { becomeFollower } from './roles.ts';
import type { RaftState } from './state.ts';
import { restartTimer } from './timer.ts';

/** Grants or denies a vote or pre-vote, and reports why in an event. */
export function handleRequestVote(context: Context, state: RaftState, request: RequestVote): RaftState {
  return request.preVote ? answerPreVote(context, state, request) : answerVote(context, state, request);
}

/** Denies a vote. A denial never restarts the election timer (E6). */
export function denyVote(
  context: Context,
  state: RaftState,
  request: RequestVote,
  reason: VoteDenialReason,
): RaftState {
  noteDenial(context, state, request, reason);
  reply(context, state, request, false);
  return restartTimer(context, state, 'vote-denied');
}

/** Ignores a vote request while the leader lives: with CheckQuorum it is not answered and its term not adopted (P5). */
export function ignoreDisruptiveVote(context: Context, state: RaftState, request: RequestVote): RaftState {
  noteDenial(context, state, request, 'P5-leader-lease');
  return state;
}

/** Answers a pre-vote request, which never changes this server's state (P1). */
function answerPreVote(context: Context, state: RaftState, request: RequestVote): RaftState {
  const { rules, electionTicks } = context.config;
  if (request.term <= state.currentTerm) {
    return denyVote(context, state, request, 'P1-not-higher-term');
  }
  if (rules.isInLeaderLease(state, electionTicks)) {
    return denyVote(context, state, request, 'P5-leader-lease');
  }
  if (!isLogUpToDate(context, state, request)) {
    return denyVote(context, state, request, 'E3-log-behind');
  }
  noteGrant(context, state, request);
  reply(context, state, request, true);
  return state;
}

function answerVote(context: Context, state: RaftState, request: RequestVote): RaftState {
  if (!context.config.rules.mayVoteFor(request.from, state.votedFor)) {
    return denyVote(context, state, request, 'E2-already-voted');
  }
  if (!isLogUpToDate(context, state, request)) {
    return denyVote(context, state, request, 'E3-log-behind');
  }
  const follower =
    state.role.name === 'pre-candidate'
      ? becomeFollower(context, state, { term: state.currentTerm, reason: 'vote-granted' })
      : state;
  const voted: RaftState = { ...follower, votedFor: request.from };
  noteGrant(context, voted, request);
  reply(context, voted, request, true);
  return restartTimer(context, voted, state.votedFor === null ? 'vote-granted' : 'vote-repeated');
}

function isLogUpToDate(context: Context, state: RaftState, request: RequestVote): boolean {
  const candidate = { index: request.lastLogIndex, term: request.lastLogTerm };
  return context.config.rules.isUpToDate(candidate, lastEntryId(state.log));
}

function reply(context: Context, state: RaftState, request: RequestVote, granted: boolean): void {
  const { currentTerm } = state;
  sendMessage(context, state, {
    type: 'RequestVoteReply',
    from: state.id,
    to: request.from,
    term: request.preVote
      ? context.config.rules.preVoteReplyTerm({ granted, askedTerm: request.term, currentTerm })
      : currentTerm,
    preVote: request.preVote,
    voteGranted: granted,
  });
}

function noteGrant(context: Context, state: RaftState, request: RequestVote): void {
  context.events.push({
    event: 'VoteGranted',
    term: state.currentTerm,
    candidate: request.from,
    preVote: request.preVote,
    reason: 'E3-log-up-to-date',
  });
}

function noteDenial(context: Context, state: RaftState, request: RequestVote, reason: VoteDenialReason): void {
  context.events.push({
    event: 'VoteDenied',
    term: state.currentTerm,
    candidate: request.from,
    preVote: request.preVote,
    reason,
  });
}
