/** Rules P1–P5: PreVote and CheckQuorum, each alone and together, one test for each sentence of SPEC.md. */
import { describe, expect, test } from 'vitest';
import { stepAll } from '../../../src/core/raft/index.ts';
import type { RequestVoteReply } from '../../../src/core/raft/messages.ts';
import {
  accepted,
  appendEntries,
  configOf,
  eventsOf,
  followerOf,
  leaderOfTerm,
  messagesOf,
  PAPER,
  PRODUCTION,
  receive,
  requestVote,
  run,
  TICK,
  tickUntil,
} from './helpers.ts';

const config = configOf(3, { flags: PRODUCTION });
const preVoteReply = (from: string, term: number, voteGranted: boolean): RequestVoteReply => ({
  type: 'RequestVoteReply',
  from,
  to: 'S1',
  term,
  preVote: true,
  voteGranted,
});
const preCandidate = tickUntil(
  config,
  followerOf(config, { term: 3, log: [1, 3], leaderId: 'S2' }),
  (state) => state.role.name === 'pre-candidate',
).state;

describe('P1 pre-votes and state', () => {
  test('§9.6 P1 voter: pre-vote granted or denied → same term and vote, no write', () => {
    const state = followerOf(config, { term: 3, log: [3] });
    for (const lastLogTerm of [3, 2]) {
      const asked = requestVote({ term: 4, preVote: true, lastLogIndex: 1, lastLogTerm });
      const { state: after, ready } = run(config, state, receive(asked));
      expect([after, ready.persist]).toEqual([state, null]);
      expect(messagesOf(ready)).toMatchObject([
        { preVote: true, voteGranted: lastLogTerm === 3, term: lastLogTerm === 3 ? 4 : 3 },
      ]);
    }
  });

  test('§9.6 P1 pre-candidate: asks for pre-votes → same term and vote', () => {
    expect(preCandidate).toMatchObject({ currentTerm: 3, votedFor: null });
  });

  test('§9.6 P1 granted pre-vote: reply with the requested term → pre-candidate’s term unchanged', () => {
    const { state } = run(configOf(5, { flags: PRODUCTION }), preCandidate, receive(preVoteReply('S2', 4, true)));
    expect([state.currentTerm, state.role.name]).toEqual([3, 'pre-candidate']);
  });

  test('§9.6 P1 pre-candidate: pre-vote denied with a higher term → adopts it', () => {
    const { state } = run(config, preCandidate, receive(preVoteReply('S2', 7, false)));
    expect([state.currentTerm, state.role.name]).toEqual([7, 'follower']);
  });

  test('§9.6 P1 voter: pre-vote for a term already reached → denied with that term', () => {
    const asked = requestVote({ term: 3, preVote: true, lastLogIndex: 9, lastLogTerm: 9 });
    const { ready } = run(config, followerOf(config, { term: 3 }), receive(asked));
    expect(eventsOf(ready, 'VoteDenied')).toMatchObject([{ reason: 'P1-not-higher-term' }]);
    expect(messagesOf(ready)).toMatchObject([{ voteGranted: false, term: 3 }]);
  });

  test('§9.6 P1 pre-candidate: majority of pre-votes → election in the next term', () => {
    const { state, ready } = run(config, preCandidate, receive(preVoteReply('S2', 4, true)));
    expect(state).toMatchObject({ currentTerm: 4, votedFor: 'S1', role: { name: 'candidate' } });
    expect(eventsOf(ready, 'ElectionStarted')).toMatchObject([{ reason: 'pre-vote-won', term: 4 }]);
  });
});

describe('P2 start of a pre-vote', () => {
  test('§9.6 P2 pre-candidate: pre-vote of an up-to-date log → granted, as it knows no leader', () => {
    expect(preCandidate.role).toMatchObject({ name: 'pre-candidate', votes: { S1: true } });
    const asked = requestVote({ term: 4, preVote: true, lastLogIndex: 2, lastLogTerm: 3 });
    expect(messagesOf(run(config, preCandidate, receive(asked)).ready)).toMatchObject([{ voteGranted: true }]);
  });

  test('§9.6 P2 pre-candidate: second round → votes of the first do not count', () => {
    const five = configOf(5, { flags: PRODUCTION });
    const first = run(five, preCandidate, receive(preVoteReply('S2', 4, true))).state;
    const waited = run(five, first, TICK).state;
    const begunAgain = tickUntil(five, waited, (state) => state.electionElapsed === 0, 50).state;
    expect(begunAgain.role).toMatchObject({ name: 'pre-candidate', votes: { S1: true } });
    expect(begunAgain.role).not.toHaveProperty('votes.S2');
  });
});

describe('P3 messages of older terms', () => {
  test('Figure 3.1 P3 server at a higher term: message of an older leader → that leader adopts it', () => {
    const stuck = followerOf(config, { term: 9 });
    const { ready } = run(config, stuck, receive(appendEntries({ term: 4 })));
    const [answer] = messagesOf(ready);
    expect(answer).toMatchObject({ type: 'AppendEntriesReply', success: false, term: 9 });
    expect(eventsOf(ready, 'AppendRejected')).toMatchObject([{ reason: 'stale-term' }]);
    const leader = leaderOfTerm(config, { term: 4 });
    const told = run(config, leader, receive({ ...answer, from: 'S2', to: 'S1' } as RequestVoteReply));
    expect([told.state.role.name, told.state.currentTerm]).toEqual(['follower', 9]);
  });

  test('P3 server: stale vote request → denied with its term; stale reply → dropped', () => {
    const state = followerOf(config, { term: 9 });
    const { ready } = run(config, state, receive(requestVote({ term: 4 })));
    expect(messagesOf(ready)).toMatchObject([{ voteGranted: false, term: 9 }]);
    expect(eventsOf(ready, 'VoteDenied')).toMatchObject([{ reason: 'E1-stale-term' }]);
    expect(messagesOf(run(config, state, receive(accepted('S2', 4, 0))).ready)).toEqual([]);
  });
});

describe('P4 a leader without contact to a majority', () => {
  const window = Array.from({ length: config.electionTicks }, () => TICK);

  test('§6.2 P4 cut-off leader: CheckQuorum on → steps down in its term and keeps its vote', () => {
    const leader = leaderOfTerm(config, { term: 4 });
    const { state, ready } = stepAll(config, leader, [...window, ...window]);
    expect(state).toMatchObject({ role: { name: 'follower', leaderId: null }, currentTerm: 4, votedFor: 'S1' });
    expect(eventsOf(ready, 'SteppedDown')).toMatchObject([{ reason: 'P4-no-quorum-contact' }]);
    expect(ready.replies).toMatchObject([{ type: 'leadership-lost', outcome: 'unknown' }]);
  });

  test('§6.2 P4 leader: any reply, also a rejection → counts as contact', () => {
    let state = leaderOfTerm(config, { term: 4 });
    for (let round = 0; round < 5; round++) {
      const answer = receive(accepted('S3', 4, 0));
      state = stepAll(config, state, [...window.slice(1), answer, TICK]).state;
    }
    expect(state.role.name).toBe('leader');
  });

  test('Figure 3.1 P4 cut-off leader: CheckQuorum off → leads until a higher term arrives', () => {
    const paper = configOf(3, { flags: PAPER });
    const { state } = stepAll(paper, leaderOfTerm(paper, { term: 4 }), [...window, ...window, ...window]);
    expect(state.role.name).toBe('leader');
  });
});

describe('P5 the leader’s lease', () => {
  const request = requestVote({ term: 9, from: 'S3', lastLogIndex: 9, lastLogTerm: 8 });
  const follower = followerOf(config, { term: 4, leaderId: 'S2' });

  test('§4.2.3 P5 follower: CheckQuorum on, leader lives → vote request ignored, term unchanged', () => {
    for (const state of [follower, leaderOfTerm(config, { term: 4 })]) {
      const { state: after, ready } = run(config, state, receive(request));
      expect([after.currentTerm, messagesOf(ready)]).toEqual([4, []]);
      expect(eventsOf(ready, 'VoteDenied')).toMatchObject([{ reason: 'P5-leader-lease', candidate: 'S3' }]);
    }
  });

  test('§4.2.3 P5 follower: leader silent for T, or CheckQuorum off → vote request answered', () => {
    const silent = { ...follower, electionElapsed: config.electionTicks };
    expect(run(config, silent, receive(request)).state).toMatchObject({ currentTerm: 9, votedFor: 'S3' });
    const paper = configOf(3, { flags: PAPER });
    expect(run(paper, follower, receive(request)).state).toMatchObject({ currentTerm: 9, votedFor: 'S3' });
  });

  test('§9.6 P5 follower: pre-vote while the leader lives → denied', () => {
    const { ready } = run(config, follower, receive({ ...request, preVote: true, term: 5 }));
    expect(messagesOf(ready)).toMatchObject([{ preVote: true, voteGranted: false, term: 4 }]);
    expect(eventsOf(ready, 'VoteDenied')).toMatchObject([{ reason: 'P5-leader-lease', preVote: true }]);
  });
});

test('pre-candidate: grants its vote to another server → becomes follower', () => {
  const asked = requestVote({ term: 3, lastLogIndex: 2, lastLogTerm: 3 });
  const { state, ready } = run(config, preCandidate, receive(asked));
  expect(state).toMatchObject({ votedFor: 'S2', role: { name: 'follower' } });
  expect(eventsOf(ready, 'SteppedDown')).toMatchObject([{ role: 'pre-candidate', reason: 'vote-granted' }]);
});
