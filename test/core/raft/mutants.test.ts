/**
 * Wrong versions of rules that a scripted story detects better than a random simulation. Each of them breaks a story
 * that the correct rules keep. Together with the mutants of the simulation, every built rule has a wrong version.
 */
import { describe, expect, test } from 'vitest';
import { MUTANTS, ruleIdOf } from '../../../src/core/mutants/index.ts';
import { RULE_IDS, type Rules, rules } from '../../../src/core/raft/index.ts';
import {
  applyBeforeWrite,
  disruptiveServer,
  fastRepair,
  figure8,
  freshPreVote,
  honestAboutLoss,
  laggingFollower,
  lateProgress,
  lonelyLeader,
  lostRequest,
  noopCommits,
  oldLeaderForgotten,
  restartedLeader,
} from './stories.ts';

const SCRIPTED: readonly {
  readonly name: string;
  readonly wrong: Partial<Rules>;
  readonly story: (rules: Rules) => string | null;
}[] = [
  {
    name: 'L1 entries of earlier terms are committed by counting',
    wrong: { nextCommitIndex: (from) => rules.nextCommitIndex({ ...from, lastIndexBeforeTerm: 0 }) },
    story: figure8,
  },
  {
    name: 'E8 entries count before they are on disk',
    wrong: { durablePart: (index) => index },
    story: applyBeforeWrite,
  },
  {
    name: 'E6 only a successful append restarts the timer',
    wrong: {
      restartsElectionTimer: (cause) => (cause === 'append-mismatch' ? null : rules.restartsElectionTimer(cause)),
    },
    story: laggingFollower,
  },
  {
    name: 'E7 a restarted leader becomes candidate',
    wrong: { restoredRole: (restored) => ({ name: 'candidate', votes: restored === null ? {} : { S1: true } }) },
    story: restartedLeader,
  },
  { name: 'E10 a candidate asks for votes only once', wrong: { asksAgain: () => false }, story: lostRequest },
  {
    name: 'L6 one probe for each entry',
    wrong: { nextIndexAfterConflict: (_log, rejection) => rejection.prevLogIndex },
    story: fastRepair,
  },
  {
    name: 'L10 late progress counts in a later term',
    wrong: { countsProgress: (state) => state.role.name === 'leader' },
    story: lateProgress,
  },
  {
    name: 'R5 proposals of a lost leadership are reported as failed',
    wrong: { outcomeWhenLeadershipLost: () => 'not-leader' },
    story: honestAboutLoss,
  },
  {
    name: 'R6 the old leader is remembered',
    wrong: { leaderAfterTermChange: (known) => known },
    story: oldLeaderForgotten,
  },
  { name: 'L9 the no-op is left out', wrong: { firstEntryOfTerm: () => null }, story: noopCommits },
  {
    name: 'P2 votes of an earlier pre-vote are kept',
    wrong: { preCandidateVotes: (previous) => (previous.name === 'pre-candidate' ? previous.votes : {}) },
    story: freshPreVote,
  },
  {
    name: 'P4 contact to one follower counts as a quorum',
    wrong: { hasQuorumContact: () => true },
    story: lonelyLeader,
  },
  {
    name: 'P5 vote requests are handled while the leader lives',
    wrong: { isInLeaderLease: () => false },
    story: disruptiveServer,
  },
];

describe('mutants of scripted stories', () => {
  test.each(SCRIPTED)('mutant: $name → its story fails', ({ wrong, story }) => {
    expect(story(rules)).toBeNull();
    expect(story({ ...rules, ...wrong })).not.toBeNull();
  });
});

test('rules: every built rule → has a wrong version here or in the simulation', () => {
  const ids = [...MUTANTS.map(ruleIdOf), ...SCRIPTED.map(({ name }) => name.split(' ')[0])];
  expect([...new Set(ids)].sort()).toEqual([...new Set(Object.values(RULE_IDS))].sort());
});
