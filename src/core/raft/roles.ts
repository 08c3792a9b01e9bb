/**
 * Changes of role: the only places where a server becomes follower, pre-candidate, candidate or leader. Each reports
 * the change and its reason in an event.
 */

import type { ServerId, Term } from '../vocabulary/index.ts';
import { type Context, otherVoters, sendMessage } from './context.ts';
import type { StepDownReason } from './events.ts';
import { entriesBetween, lastEntryId, lastIndex, termRuns } from './log.ts';
import { appendOwn } from './propose.ts';
import { quorumSize } from './quorum.ts';
import { broadcast } from './replicate.ts';
import type { Progress, RaftState } from './state.ts';
import { restartTimer } from './timer.ts';

/**
 * Makes this server follower of `term`, or keeps it one. A change of term clears the vote (E2) and the known leader
 * (R6). A leader or candidate steps down.
 */
export function becomeFollower(
  context: Context,
  state: RaftState,
  change: { readonly term: Term; readonly reason: StepDownReason },
): RaftState {
  const { rules } = context.config;
  const { role, currentTerm } = state;
  const wasLeader = role.name === 'leader';
  if (role.name !== 'follower') {
    context.events.push({ event: 'SteppedDown', term: currentTerm, role: role.name, reason: change.reason });
  }
  if (wasLeader) {
    loseLeadership(context, state);
  }
  const known = role.name === 'follower' ? role.leaderId : wasLeader ? state.id : null;
  const next: RaftState = {
    ...state,
    currentTerm: change.term,
    votedFor: rules.voteAfterTermChange(state, change.term),
    role: { name: 'follower', leaderId: rules.leaderAfterTermChange(known) },
  };
  if (change.term !== currentTerm) {
    context.events.push({ event: 'TermAdvanced', term: change.term, from: currentTerm, reason: 'E5-higher-term' });
  }
  return restartTimer(context, next, wasLeader ? 'leader-stepped-down' : 'term-adopted');
}

/** Starts a pre-vote: asks whether this server could win an election, without raising the term (§9.6, P1, P2). */
export function becomePreCandidate(context: Context, state: RaftState): RaftState {
  const { config, events } = context;
  const term = state.currentTerm + 1;
  const silentTicks = state.electionElapsed;
  events.push({ event: 'PreVoteStarted', term, silentTicks });
  const votes = config.rules.preCandidateVotes(state.role);
  const next: RaftState = { ...state, role: { name: 'pre-candidate', votes, silentTicks } };
  askForVotes(context, next);
  return restartTimer(context, next, 'election-started');
}

/**
 * Starts an election in a new term: the server votes for itself, which counts once it is on disk (E4), and asks all
 * others.
 */
export function becomeCandidate(context: Context, state: RaftState): RaftState {
  const { events } = context;
  const { role } = state;
  const last = lastEntryId(state.log);
  const term = state.currentTerm + 1;
  events.push({ event: 'TermAdvanced', term, from: state.currentTerm, reason: 'election-started' });
  events.push({
    event: 'ElectionStarted',
    term,
    silentTicks: state.electionElapsed + (role.name === 'pre-candidate' ? role.silentTicks : 0),
    lastLogIndex: last.index,
    lastLogTerm: last.term,
    reason: role.name === 'pre-candidate' ? 'pre-vote-won' : 'election-timeout',
  });
  const next: RaftState = {
    ...state,
    currentTerm: term,
    votedFor: state.id,
    role: { name: 'candidate', votes: {} },
  };
  askForVotes(context, next);
  return restartTimer(context, next, 'election-started');
}

/**
 * Makes this server leader of the current term: it announces itself to all servers and appends its first entry (L9).
 */
export function becomeLeader(
  context: Context,
  state: RaftState,
  votes: Readonly<Record<ServerId, boolean>>,
): RaftState {
  const { config, events } = context;
  const last = lastIndex(state.log);
  events.push({
    event: 'LeaderElected',
    term: state.currentTerm,
    voters: config.voters.filter((voter) => votes[voter] === true),
    lastIndex: last,
    chain: state.lastChain,
  });
  const progress: Record<ServerId, Progress> = {};
  for (const peer of otherVoters(config)) {
    progress[peer] = {
      state: 'probe',
      matchIndex: 0,
      nextIndex: last + 1,
      probeSent: false,
      recentlyActive: false,
      commitSent: 0,
    };
  }
  const leader: RaftState = {
    ...state,
    role: { name: 'leader', progress, heartbeatElapsed: 0, lastIndexBeforeTerm: last, quorumIndex: 0 },
    // A leader has no election timer. These two fields count the window of its quorum check (P4).
    electionElapsed: 0,
    electionTimeout: config.electionTicks,
  };
  const first = config.rules.firstEntryOfTerm(config.flags);
  return broadcast(context, first === null ? leader : appendOwn(context, leader, [first]), 'announce');
}

/** Returns the number of votes that win an election in this cluster. */
export function votesNeeded(context: Context): number {
  return quorumSize(context.config.voters.length);
}

/** Asks every other voter whose reply this campaign has not counted. No effect unless this server campaigns. */
export function askForVotes(context: Context, state: RaftState): void {
  const { role } = state;
  if (role.name !== 'candidate' && role.name !== 'pre-candidate') {
    return;
  }
  const preVote = role.name === 'pre-candidate';
  const last = lastEntryId(state.log);
  for (const peer of otherVoters(context.config).filter((voter) => role.votes[voter] === undefined)) {
    sendMessage(context, state, {
      type: 'RequestVote',
      from: state.id,
      to: peer,
      term: preVote ? state.currentTerm + 1 : state.currentTerm,
      preVote,
      lastLogIndex: last.index,
      lastLogTerm: last.term,
    });
  }
}

/** Ends a leadership: the outcome of pending proposals becomes unknown (L10, R5). */
function loseLeadership(context: Context, state: RaftState): void {
  const { events, replies, config } = context;
  const last = lastIndex(state.log);
  const term = state.currentTerm;
  if (last > state.durable.index) {
    // A leader reports "appended" only when its write is confirmed. A follower reports it in the step that appends, so
    // the entries still being written are reported now.
    const first = state.durable.index + 1;
    const runs = termRuns(entriesBetween(state.log, first, last));
    events.push({ event: 'EntriesAppended', term, first, last, chain: state.lastChain, runs });
  }
  events.push({ event: 'LeadershipLost', term, uncommittedFrom: state.commitIndex + 1, last });
  replies.push({ type: 'leadership-lost', term, leaderId: null, outcome: config.rules.outcomeWhenLeadershipLost() });
}
