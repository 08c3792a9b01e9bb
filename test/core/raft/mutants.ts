/** Wrong versions of single rules, each a mistake somebody really shipped or a sentence of the paper left out. */
import { lastIndex, type Rules, rules } from '../../../src/core/raft/index.ts';

/** One rule replaced. */
export interface Mutant {
  readonly name: string;
  readonly rule: keyof Rules;
  readonly wrong: Partial<Rules>;
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'E1 votes and acknowledgements leave before the write',
    rule: 'sendsBeforeWrite',
    wrong: { sendsBeforeWrite: () => true },
  },
  {
    name: 'E2 every step-down forgets the vote',
    rule: 'voteAfterTermChange',
    wrong: { voteAfterTermChange: () => null },
  },
  { name: 'E3 any log is up to date', rule: 'isUpToDate', wrong: { isUpToDate: () => true } },
  {
    name: 'E4 the own vote counts before it is on disk',
    rule: 'countsVote',
    wrong: { countsVote: (state, vote, voters) => vote.voter === state.id || rules.countsVote(state, vote, voters) },
  },
  { name: 'E4 any vote counts', rule: 'countsVote', wrong: { countsVote: () => true } },
  { name: 'E5 a higher term is not looked at', rule: 'adoptsTerm', wrong: { adoptsTerm: () => false } },
  {
    name: 'E9 every timeout is T',
    rule: 'drawElectionTimeout',
    wrong: { drawElectionTimeout: (timeoutTicks, random) => ({ timeoutTicks, random }) },
  },
  {
    name: 'L2 a follower cuts at the first entry it is sent',
    rule: 'firstConflict',
    wrong: {
      firstConflict: (log, request) => {
        const first = request.entries[0]?.index;
        return first !== undefined && first <= lastIndex(log) ? first : null;
      },
    },
  },
  {
    name: 'L2 conflicts are not looked for',
    rule: 'firstConflict',
    wrong: { firstConflict: () => null },
  },
  {
    name: 'L3 a follower commits whatever the leader did',
    rule: 'followerCommitIndex',
    wrong: { followerCommitIndex: (from) => Math.max(from.commitIndex, from.leaderCommit) },
  },
  {
    name: 'L4 a follower acknowledges its whole log',
    rule: 'acknowledgedIndex',
    wrong: { acknowledgedIndex: (from) => from.lastIndex },
  },
  { name: 'L5 every reply is believed', rule: 'acceptsReply', wrong: { acceptsReply: () => true } },
  {
    name: 'L11 the log is written before its term',
    rule: 'diskWrites',
    wrong: { diskWrites: (persist) => [...rules.diskWrites(persist)].reverse() },
  },
  {
    name: 'L12 a full window waits for answers for ever',
    rule: 'sendingPlan',
    wrong: {
      sendingPlan: (progress, now) =>
        progress.state === 'replicate' && progress.inFlight.length >= now.maxInFlight
          ? 'nothing'
          : rules.sendingPlan(progress, now),
    },
  },
  {
    name: 'L13 a leader leads on while its disk hangs',
    rule: 'mayStepDuringWrite',
    wrong: { mayStepDuringWrite: () => true },
  },
  {
    name: 'R4 a repeated command is applied again',
    rule: 'sessionDecision',
    wrong: { sessionDecision: () => 'apply' },
  },
  {
    name: 'P1 a rejected pre-vote carries the term asked for',
    rule: 'preVoteReplyTerm',
    wrong: { preVoteReplyTerm: (from) => from.askedTerm },
  },
  {
    name: 'P1 a pre-vote raises the term',
    rule: 'carriesAskedTerm',
    wrong: { carriesAskedTerm: () => false },
  },
  { name: 'P3 a stale leader gets no answer', rule: 'answersStale', wrong: { answersStale: () => false } },
];
