/**
 * Proof that the tests can fail, for rules that a story shows better than a random world: each of these wrong versions
 * breaks a story that the right rules pass. With the mutants of the simulation no rule is left without one.
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
    name: 'E8 entries count before they are written',
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
    name: 'E7 a restarted leader leads on',
    wrong: { restoredRole: (restored) => ({ name: 'candidate', votes: restored === null ? {} : { S1: true } }) },
    story: restartedLeader,
  },
  { name: 'E10 a candidate asks once', wrong: { asksAgain: () => false }, story: lostRequest },
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
    name: 'R5 lost calls are said to have failed',
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
  { name: 'P4 one follower is contact enough', wrong: { hasQuorumContact: () => true }, story: lonelyLeader },
  { name: 'P5 any vote request is heard', wrong: { isInLeaderLease: () => false }, story: disruptiveServer },
];

describe('a story catches each of these', () => {
  test.each(SCRIPTED)('$name', ({ wrong, story }) => {
    expect(story(rules)).toBeNull();
    expect(story({ ...rules, ...wrong })).not.toBeNull();
  });
});

test('every built rule has a wrong version, here or in the simulation', () => {
  const ids = [...MUTANTS.map(ruleIdOf), ...SCRIPTED.map(({ name }) => name.split(' ')[0])];
  expect([...new Set(ids)].sort()).toEqual([...new Set(Object.values(RULE_IDS))].sort());
});
