/**
 * A campaign from the candidate's side: it begins when the election timer runs out, counts answers and its own
 * vote, and ends in leadership. With PreVote the first round only asks; the second one stands.
 */
import type { Context } from './context.ts';
import type { Vote } from './election-rules.ts';
import type { RequestVoteReply } from './messages.ts';
import { askForVotes, becomeCandidate, becomeLeader, becomePreCandidate, votesNeeded } from './roles.ts';
import type { RaftState } from './state.ts';

/** The election timer ran out: ask first, or stand at once. A cluster of one may win by its own answer. */
export function startCampaign(context: Context, state: RaftState): RaftState {
  return context.config.flags.preVote
    ? countOwnVote(context, becomePreCandidate(context, state))
    : startElection(context, state);
}

/**
 * A tick of a running campaign: when its time has come, those that have not answered are asked again (E10). Only
 * once the own vote counts, so that nothing asked again could reach anybody before it is on disk (E1).
 */
export function continueCampaign(context: Context, state: RaftState): void {
  const { role, id, electionElapsed } = state;
  const { rules, heartbeatTicks } = context.config;
  const campaigns = role.name === 'candidate' || role.name === 'pre-candidate';
  if (campaigns && role.votes[id] === true && rules.asksAgain(electionElapsed, heartbeatTicks)) {
    askForVotes(context, state);
  }
}

/** Counts an answer to this server's request, if it belongs to the running campaign (E4). */
export function handleRequestVoteReply(context: Context, state: RaftState, reply: RequestVoteReply): RaftState {
  const { from: voter, term, voteGranted: granted, preVote } = reply;
  return countVote(context, state, { voter, term, granted, preVote });
}

/**
 * Counts this server's vote for itself: in a pre-vote at once, in an election once its write was answered (E4).
 * No effect in any other role.
 */
export function countOwnVote(context: Context, state: RaftState): RaftState {
  const { role, id: voter, currentTerm } = state;
  switch (role.name) {
    case 'pre-candidate':
      return countVote(context, state, { voter, term: currentTerm + 1, granted: true, preVote: true });
    case 'candidate':
      return role.votes[voter] === true
        ? state
        : countVote(context, state, { voter, term: currentTerm, granted: true, preVote: false });
    case 'follower':
    case 'leader':
      return state;
  }
}

function startElection(context: Context, state: RaftState): RaftState {
  return countOwnVote(context, becomeCandidate(context, state));
}

function countVote(context: Context, state: RaftState, vote: Vote): RaftState {
  const { rules, voters } = context.config;
  const { role } = state;
  if (!rules.countsVote(state, vote, voters) || (role.name !== 'candidate' && role.name !== 'pre-candidate')) {
    return state;
  }
  // A vote once given in a campaign is not taken back by a late message.
  const votes = { ...role.votes, [vote.voter]: vote.granted || role.votes[vote.voter] === true };
  const granteds = voters.filter((voter) => votes[voter] === true).length;
  const needed = votesNeeded(context);
  const { voter, granted, preVote } = vote;
  context.events.push({
    event: 'VoteCounted',
    term: state.currentTerm,
    voter,
    granted,
    preVote,
    granteds,
    needed,
  });
  const counted: RaftState = { ...state, role: { ...role, votes } };
  if (granteds < needed) {
    return counted;
  }
  return role.name === 'pre-candidate' ? startElection(context, counted) : becomeLeader(context, counted, votes);
}
