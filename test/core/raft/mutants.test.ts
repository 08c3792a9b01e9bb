/**
 * Proof that the tests can fail: every wrong rule is caught, by the random cluster within its seed budget or by a
 * story that the right rules pass.
 */
import { describe, expect, test } from 'vitest';
import { RULE_IDS, type Rules, rules } from '../../../src/core/raft/index.ts';
import { Violation } from './invariants.ts';
import { MUTANTS } from './mutants.ts';
import { runSeed } from './scenario.ts';
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
  noopCommits,
  oldLeaderForgotten,
  restartedLeader,
} from './stories.ts';

const SEED_BUDGET = 120;

/** The first seed whose run breaks a promise, and which. */
function firstCaught(wrong: Partial<Rules>): { readonly seed: number; readonly sentence: string } | null {
  for (let seed = 0; seed < SEED_BUDGET; seed++) {
    try {
      runSeed(seed, { rules: { ...rules, ...wrong } });
    } catch (error) {
      if (error instanceof Violation) {
        return { seed, sentence: error.message };
      }
      throw error;
    }
  }
  return null;
}

describe(`the random cluster catches each of these within ${SEED_BUDGET} seeds`, () => {
  test.each(MUTANTS)('$name', { timeout: 60_000 }, ({ wrong }) => {
    expect(firstCaught(wrong)).not.toBeNull();
  });
});

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

test('every built rule has a wrong version here', () => {
  const ids = [...MUTANTS, ...SCRIPTED].map(({ name }) => name.split(' ')[0]);
  expect([...new Set(ids)].sort()).toEqual([...new Set(Object.values(RULE_IDS))].sort());
});
