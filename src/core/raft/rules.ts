/**
 * Every built rule of SPEC.md in one record, which `step` receives in its configuration. The handlers call rules only
 * through it, so a mutant can replace one of them without the core knowing any mutant.
 */
import * as client from './client-rules.ts';
import * as election from './election-rules.ts';
import * as preVote from './pre-vote-rules.ts';
import * as replication from './replication-rules.ts';

/** The correct version of every rule. */
export const rules = {
  sendsBeforeWrite: election.sendsBeforeWrite,
  voteAfterTermChange: election.voteAfterTermChange,
  mayVoteFor: election.mayVoteFor,
  isUpToDate: election.isUpToDate,
  countsVote: election.countsVote,
  adoptsTerm: election.adoptsTerm,
  restartsElectionTimer: election.restartsElectionTimer,
  restoredState: election.restoredState,
  restoredRole: election.restoredRole,
  durablePart: election.durablePart,
  drawElectionTimeout: election.drawElectionTimeout,
  asksAgain: election.asksAgain,
  nextCommitIndex: replication.nextCommitIndex,
  firstConflict: replication.firstConflict,
  followerCommitIndex: replication.followerCommitIndex,
  heartbeatCommitIndex: replication.heartbeatCommitIndex,
  acknowledgedIndex: replication.acknowledgedIndex,
  acceptsReply: replication.acceptsReply,
  conflictHint: replication.conflictHint,
  nextIndexAfterConflict: replication.nextIndexAfterConflict,
  firstEntryOfTerm: replication.firstEntryOfTerm,
  countsProgress: replication.countsProgress,
  diskWrites: replication.diskWrites,
  sendingPlan: replication.sendingPlan,
  mayStepDuringWrite: replication.mayStepDuringWrite,
  sessionDecision: client.sessionDecision,
  answerToRepeat: client.answerToRepeat,
  outcomeWhenLeadershipLost: client.outcomeWhenLeadershipLost,
  leaderAfterTermChange: client.leaderAfterTermChange,
  carriesAskedTerm: preVote.carriesAskedTerm,
  preVoteReplyTerm: preVote.preVoteReplyTerm,
  preCandidateVotes: preVote.preCandidateVotes,
  answersStale: preVote.answersStale,
  hasQuorumContact: preVote.hasQuorumContact,
  isInLeaderLease: preVote.isInLeaderLease,
} as const;

/** The type of the record; a mutant's replacement must match it. */
export type Rules = { readonly [Name in keyof typeof rules]: (typeof rules)[Name] };

/** Id of a rule in SPEC.md: E elections, L log, R clients, P PreVote and CheckQuorum. */
export type RuleId = `${'E' | 'L' | 'R' | 'P'}${number}`;

/**
 * The id of the rule that each function implements. L3, L6 and P1 have two functions, one for each side of the
 * exchange.
 */
export const RULE_IDS: { readonly [Name in keyof Rules]: RuleId } = {
  sendsBeforeWrite: 'E1',
  voteAfterTermChange: 'E2',
  mayVoteFor: 'E2',
  isUpToDate: 'E3',
  countsVote: 'E4',
  adoptsTerm: 'E5',
  restartsElectionTimer: 'E6',
  restoredState: 'E7',
  restoredRole: 'E7',
  durablePart: 'E8',
  drawElectionTimeout: 'E9',
  asksAgain: 'E10',
  nextCommitIndex: 'L1',
  firstConflict: 'L2',
  followerCommitIndex: 'L3',
  heartbeatCommitIndex: 'L3',
  acknowledgedIndex: 'L4',
  acceptsReply: 'L5',
  conflictHint: 'L6',
  nextIndexAfterConflict: 'L6',
  firstEntryOfTerm: 'L9',
  countsProgress: 'L10',
  diskWrites: 'L11',
  sendingPlan: 'L12',
  mayStepDuringWrite: 'L13',
  sessionDecision: 'R4',
  answerToRepeat: 'R4',
  outcomeWhenLeadershipLost: 'R5',
  leaderAfterTermChange: 'R6',
  carriesAskedTerm: 'P1',
  preVoteReplyTerm: 'P1',
  preCandidateVotes: 'P2',
  answersStale: 'P3',
  hasQuorumContact: 'P4',
  isInLeaderLease: 'P5',
};
