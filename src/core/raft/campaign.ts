/**
 * A campaign from the candidate's side. It begins when the election timer runs out, counts the replies and the server's
 * own vote, and ends in leadership. With PreVote, a first round asks for pre-votes without raising the term; the
 * election follows when a majority grants them.
 */
import type { Context } from './context.ts';
import type { Vote } from './election-rules.ts';
import type { RequestVoteReply } from './messages.ts';
import { askForVotes, becomeCandidate, becomeLeader, becomePreCandidate, votesNeeded } from './roles.ts';
import type { RaftState } from './state.ts';

/**
 * Starts a campaign when the election timer has run out: a pre-vote with PreVote, otherwise an election. In a cluster
 * of one server, its own pre-vote is a majority.
 */
export function startCampaign(context: Context, state: RaftState): RaftState {
  return context.config.flags.preVote
    ? countOwnVote(context, becomePreCandidate(context, state))
    : startElection(context, state);
}

/**
 * Handles a tick of a running campaign: at each heartbeat interval the servers that have not answered are asked again
 * (E10). A candidate repeats requests only after its own vote counts, so no request leaves before that vote is on disk
 * (E1).
 */
export function continueCampaign(context: Context, state: RaftState): void {
  const { role, id, electionElapsed } = state;
  const { rules, heartbeatTicks } = context.config;
  const campaigns = role.name === 'candidate' || role.name === 'pre-candidate';
  if (campaigns && role.votes[id] === true && rules.asksAgain(electionElapsed, heartbeatTicks)) {
    askForVotes(context, state);
  }
}

/** Counts a reply to a vote request if it belongs to the running campaign (E4). */
export function handleRequestVoteReply(context: Context, state: RaftState, reply: RequestVoteReply): RaftState {
  const { from: voter, term, voteGranted: granted, preVote } = reply;
  return countVote(context, state, { voter, term, granted, preVote });
}

/**
 * Counts this server's vote for itself: at once in a pre-vote, and after its write is confirmed in an election (E4). No
 * effect in any other role.
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
  // A late message does not take back a vote that was granted in this campaign.
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
