/** The core's guards: inputs that no correct server sends are ignored, and an impossible state throws. */
import { describe, expect, test } from 'vitest';
import { newContext } from '../../../src/core/raft/context.ts';
import { countsVote } from '../../../src/core/raft/election-rules.ts';
import {
  chainAt,
  InvariantError,
  leaderOf,
  persistedInput,
  quorumIndex,
  restore,
} from '../../../src/core/raft/index.ts';
import { knownTermAt } from '../../../src/core/raft/log.ts';
import { seedWord } from '../../../src/core/raft/random.ts';
import { sendAppend, tellCommit, withProgress } from '../../../src/core/raft/replicate.ts';
import { candidateOf, configOf, followerOf, leaderOfTerm, logOf, receive, rejected, run, TICK } from './helpers.ts';

const config = configOf(5);

describe('late and invalid input', () => {
  test.each([
    { conflictIndex: Number.NaN, conflictTerm: 1 },
    { conflictIndex: 1, conflictTerm: 0.5 },
  ])('L6 leader: rejection with the hint $conflictIndex, $conflictTerm → state unchanged', (hint) => {
    const leader = leaderOfTerm(config, { term: 2, log: [1, 1, 2], progress: { S2: { inFlight: [3] } } });
    const { state, ready } = run(config, leader, receive(rejected('S2', 2, { prevLogIndex: 3, ...hint })));
    expect(state).toEqual(leader);
    expect(ready.send).toEqual([]);
  });

  test('E4 candidate: vote of a server outside the cluster → not counted', () => {
    const state = candidateOf(config, followerOf(config, { term: 1 }));
    const vote = { term: 2, granted: true, preVote: false };
    expect(countsVote(state, { ...vote, voter: 'S6' }, config.voters)).toBe(false);
    expect(countsVote(state, { ...vote, voter: 'S5' }, config.voters)).toBe(true);
  });

  test('E1 server: older write confirmed after a newer one → state unchanged', () => {
    const { state } = restore(config, { currentTerm: 3, votedFor: 'S2', entries: [] }, 1);
    const older = { ...persistedInput(state), hardState: { currentTerm: 2, votedFor: 'S4' } };
    expect(run(config, state, older).state).toEqual(state);
  });

  test('E4 candidate: same write confirmed twice → own vote counts once', () => {
    const asked = candidateOf(config, followerOf(config, { term: 1 }));
    const counted = run(config, asked, persistedInput(asked));
    expect(counted.ready.events.map(({ event }) => event)).toEqual(['VoteCounted']);
    const again = run(config, counted.state, persistedInput(asked));
    expect(again.state).toEqual(counted.state);
    expect(again.ready.events).toEqual([]);
  });

  test('follower: leader’s functions called → sends no message, state unchanged', () => {
    const follower = followerOf(config, { term: 1, log: [1], commitIndex: 1 });
    const context = newContext(config, follower);
    expect(sendAppend(context, follower, 'S2', 'heartbeat')).toBe(follower);
    expect(tellCommit(context, follower)).toBe(follower);
    const leader = leaderOfTerm(config, { term: 1, log: [1] });
    const known = leader.role.name === 'leader' ? leader.role.progress.S2 : undefined;
    expect(known).toBeDefined();
    if (known !== undefined) expect(withProgress(follower, 'S2', known)).toBe(follower);
    expect([...context.send, ...context.sendAfterPersist]).toEqual([]);
  });
});

describe('edge cases of small functions', () => {
  test('seedWord: inputs that mix to 0 → 1, because xorshift would stay at 0', () => {
    expect(seedWord(0x9e3779b9, [])).toBe(1);
  });

  test('quorumIndex: no voters → 0', () => {
    expect(quorumIndex([])).toBe(0);
  });

  test('leaderOf: follower → its leader; candidate → null; leader → itself', () => {
    const follower = followerOf(config, { term: 1, leaderId: 'S3' });
    expect(leaderOf(follower)).toBe('S3');
    expect(leaderOf(candidateOf(config, follower))).toBeNull();
    expect(leaderOf(leaderOfTerm(config, { term: 1 }))).toBe('S1');
  });
});

describe('impossible states', () => {
  test.each([
    {
      what: 'a server outside its own cluster',
      act: () => restore(configOf(3, { id: 'S7' }), null, 1),
      says: 'S7 is not one of the voters S1, S2, S3',
    },
    {
      what: 'a chain beyond the log',
      act: () => chainAt(logOf([]), 4),
      says: 'no chain at index 4: the log ends at 0',
    },
    {
      what: 'a term beyond the log',
      act: () => knownTermAt(logOf([]), 4),
      says: 'no term at index 4: the log ends at 0',
    },
    {
      what: 'commitIndex beyond the log',
      act: () => run(config, { ...followerOf(config, { term: 1, log: [1] }), commitIndex: 5 }, TICK),
      says: 'S1: applied 1, committed 5, durable 1, last 1',
    },
  ])('impossible state: $what → InvariantError with the numbers', ({ act, says }) => {
    expect(act).toThrow(InvariantError);
    expect(act).toThrow(says);
  });
});
