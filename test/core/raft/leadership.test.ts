/**
 * Rules L9–L13, R5 and R6: the start, the limits and the end of a leadership, with one test for each sentence of
 * SPEC.md.
 */
import { describe, expect, test } from 'vitest';
import { effects, mergeReadys, persistedInput, restore, rules, step, stepAll } from '../../../src/core/raft/index.ts';
import type { Ready } from '../../../src/core/raft/ready.ts';
import type { RaftState } from '../../../src/core/raft/state.ts';
import {
  accepted,
  appendEntries,
  candidateOf,
  configOf,
  entriesOf,
  eventsOf,
  followerOf,
  leaderOfTerm,
  messagesOf,
  PRODUCTION,
  proposeCommands,
  receive,
  rejected,
  requestVote,
  run,
  TICK,
  termsOf,
} from './helpers.ts';

const config = configOf(3);
const vote = receive({
  type: 'RequestVoteReply',
  from: 'S2',
  to: 'S1',
  term: 5,
  preVote: false,
  voteGranted: true,
} as const);

function elected(flags = config.flags): { state: RaftState; ready: Ready } {
  const with3 = configOf(3, { flags: { ...flags, preVote: false } });
  const begun = candidateOf(with3, followerOf(with3, { term: 4, log: [1, 4] }));
  return stepAll(with3, begun, [persistedInput(begun), vote]);
}

describe('L9 the first entry of a term', () => {
  test('§6.4 L9 new leader: noop on → appends, sends and writes an empty entry of its term', () => {
    const { state, ready } = elected(PRODUCTION);
    expect(termsOf(state)).toEqual([1, 4, 5]);
    expect(ready.persist?.entries).toMatchObject([{ type: 'noop', index: 3, term: 5 }]);
    expect(ready.send).toMatchObject([{ entries: [{ type: 'noop' }] }, { entries: [{ type: 'noop' }] }]);
    expect(ready.events.map((event) => event.event).slice(-2)).toEqual(['LeaderElected', 'EntriesProposed']);
    // The leader's own entry does not count before it is on disk, so one follower's reply is no majority of three.
    expect(run(config, state, receive(accepted('S2', 5, 3))).state.commitIndex).toBe(0);
  });

  test('Figure 3.1 L9 new leader: noop off → announces itself with an empty AppendEntries', () => {
    const { state, ready } = elected();
    expect(termsOf(state)).toEqual([1, 4]);
    expect(ready.send).toMatchObject([
      { to: 'S2', prevLogIndex: 2, prevLogTerm: 4, entries: [] },
      { to: 'S3', prevLogIndex: 2, prevLogTerm: 4, entries: [] },
    ]);
  });
});

describe('L10, R5, R6 the end of a leadership', () => {
  const leader = leaderOfTerm(config, { term: 4, log: [4, 4], commitIndex: 1 });

  test('§3.3 L10 server: late reply after it stepped down → ignored', () => {
    const follower = run(config, leader, receive(appendEntries({ term: 5, from: 'S3' }))).state;
    const { state, ready } = run(config, follower, receive(accepted('S2', 4, 2)));
    expect([state.commitIndex, messagesOf(ready)]).toEqual([1, []]);
  });

  test('§3.3 L10 leader: late reply to its earlier leadership → ignored', () => {
    const { state } = run(config, leader, receive(accepted('S2', 3, 2)));
    expect(state.role).toMatchObject({ progress: { S2: { matchIndex: 0 } } });
  });

  test('§6.3 R5 accepted proposals: leadership ends before they are applied → outcome unknown', () => {
    const { ready } = run(config, leader, receive(requestVote({ term: 5 })));
    expect(ready.replies).toEqual([{ type: 'leadership-lost', term: 4, leaderId: null, outcome: 'unknown' }]);
    expect(eventsOf(ready, 'LeadershipLost')).toEqual([
      { event: 'LeadershipLost', term: 4, uncommittedFrom: 2, last: 2 },
    ]);
  });

  test('§6.3 R5 leadership lost: entries applied in the same batch → answered before it', () => {
    const { ready } = stepAll(config, leader, [receive(accepted('S2', 4, 2)), receive(requestVote({ term: 5 }))]);
    const order = effects(ready).map((effect) => effect.type);
    expect(ready.apply.map((entry) => entry.index)).toEqual([2]);
    expect(order.indexOf('apply')).toBeLessThan(order.indexOf('reply'));
  });

  test('§6.2 R6 follower: new term → no known leader, so redirects cannot loop', () => {
    const follower = followerOf(config, { term: 4, leaderId: 'S2' });
    const { state } = run(config, follower, receive(requestVote({ term: 5, from: 'S3' })));
    expect(state.role).toEqual({ name: 'follower', leaderId: null });
    const { ready } = run(config, state, proposeCommands(1));
    expect(ready.replies).toMatchObject([{ type: 'rejected', reason: 'not-leader', leaderId: null }]);
  });

  test('follower: proposal → refused with the leader it knows', () => {
    const follower = run(config, followerOf(config, { term: 4 }), receive(appendEntries({ term: 4 }))).state;
    const { ready } = run(config, follower, proposeCommands(1, 2));
    expect(ready.replies).toMatchObject([
      { requestId: 'r1', leaderId: 'S2', term: 4 },
      { requestId: 'r2', leaderId: 'S2', term: 4 },
    ]);
    expect(eventsOf(ready, 'ProposalRejected')).toHaveLength(1);
  });

  test('proposals of one turn: other inputs between them → still one broadcast and one event', () => {
    const turn = [proposeCommands(1), TICK, proposeCommands(2), receive(accepted('S2', 4, 2)), proposeCommands(3)];
    const { ready } = stepAll(config, leader, turn);
    expect(eventsOf(ready, 'EntriesProposed')).toMatchObject([{ first: 3, last: 5 }]);
    const carried = ready.send.flatMap((message) => (message.type === 'AppendEntries' ? [message.entries.length] : []));
    expect(carried.filter((count) => count > 0)).toEqual([3, 3]);
    expect(ready.replies.map((reply) => reply.type === 'accepted' && reply.requestId)).toEqual(['r1', 'r2', 'r3']);
  });

  test('proposals: leadership ends in the same turn → refused, so the caller knows the outcome', () => {
    const { state, ready } = stepAll(config, leader, [proposeCommands(1), receive(requestVote({ term: 5 }))]);
    expect(ready.replies).toMatchObject([
      { type: 'leadership-lost', term: 4 },
      { type: 'rejected', requestId: 'r1', reason: 'not-leader', term: 5 },
    ]);
    expect(termsOf(state)).toHaveLength(2);
  });

  test('entries: leader steps down before its write ends → reported as appended after the write', () => {
    const proposed = step(config, leader, proposeCommands(1));
    const deposed = step(config, proposed.state, receive(requestVote({ term: 5 })));
    const ready = mergeReadys([proposed.ready, deposed.ready]);
    const kinds = effects(ready).map((effect) => effect.type);
    expect(kinds.indexOf('persist')).toBeLessThan(kinds.lastIndexOf('emit'));
    expect(eventsOf(ready, 'EntriesAppended')).toMatchObject([{ first: 3, last: 3 }]);
  });
});

describe('L11 order of a batch on disk', () => {
  test('§3.8 L11 batch: hard state and entries → hard state written first, then the log', () => {
    const { ready } = run(config, followerOf(config, { term: 1 }), receive(appendEntries({ term: 2, terms: [1, 2] })));
    const { persist } = ready;
    if (persist === null) {
      throw new Error('nothing to write');
    }
    expect(rules.diskWrites(persist).map((write) => write.type)).toEqual(['hardState', 'log']);
    expect(rules.diskWrites({ ...persist, hardState: null }).map((write) => write.type)).toEqual(['log']);
    // A crash between the two writes leaves a legal state: the new term with the old log.
    expect(() => restore(config, { currentTerm: 2, votedFor: null, entries: [] }, 1)).not.toThrow();
    // The opposite order could leave an illegal state.
    expect(() => restore(config, { currentTerm: 1, votedFor: null, entries: entriesOf([1, 2]) }, 1)).toThrow(/above/);
  });
});

describe('L12 bounded window', () => {
  const bounded = configOf(3, { maxInFlight: 2, maxEntriesPerMessage: 2 });
  const sentTo = (ready: Ready, peer: string) => ready.send.filter((message) => message.to === peer);

  test('§10.2.1 L12 messages with entries: maxInFlight outstanding → next one waits for a reply', () => {
    const leader = leaderOfTerm(bounded, { term: 2 });
    const { state, ready } = run(bounded, leader, proposeCommands(1, 2, 3, 4, 5, 6, 7));
    expect(sentTo(ready, 'S2')).toMatchObject([
      { prevLogIndex: 0, entries: [{ index: 1 }, { index: 2 }] },
      { prevLogIndex: 2, entries: [{ index: 3 }, { index: 4 }] },
    ]);
    const { ready: next } = run(bounded, state, receive(accepted('S2', 2, 2)));
    expect(next.send).toMatchObject([{ to: 'S2', prevLogIndex: 4, entries: [{ index: 5 }, { index: 6 }] }]);
  });

  test('§10.2.1 L12 leader: all messages in flight lost → sent again after the next heartbeat', () => {
    const leader = leaderOfTerm(bounded, { term: 2 });
    const full = run(bounded, leader, proposeCommands(1, 2, 3, 4, 5)).state;
    const { state, ready } = stepAll(bounded, full, [TICK, TICK, TICK]);
    expect(sentTo(ready, 'S2')).toMatchObject([{ prevLogIndex: 4, entries: [] }]);
    const answer = rejected('S2', 2, { prevLogIndex: 4, conflictIndex: 1, conflictTerm: 0 });
    expect(run(bounded, state, receive(answer)).ready.send).toMatchObject([{ prevLogIndex: 0, entries: [{}, {}] }]);
  });

  test('L12 probing leader: no reply → one message outstanding, sent again at each heartbeat', () => {
    const probing = elected().state;
    const proposed = run(config, probing, proposeCommands(1));
    expect(proposed.ready.send).toEqual([]);
    expect(stepAll(config, proposed.state, [TICK, TICK, TICK]).ready.send).toHaveLength(2);
  });

  test('L12 message: one entry over the size limit → carries that entry alone', () => {
    const narrow = configOf(2, { maxBytesPerMessage: 100 });
    const { ready } = run(narrow, leaderOfTerm(narrow, { term: 1 }), {
      type: 'propose',
      proposals: ['a', 'b'].map((requestId) => ({
        requestId,
        content: { type: 'command', session: null, sequence: null, command: requestId.repeat(500) },
      })),
    });
    expect(ready.send).toMatchObject([{ entries: [{ index: 1 }] }, { entries: [{ index: 2 }] }]);
  });

  test('commitIndex: no new entries → sent at the next tick to followers that lack it', () => {
    const three = configOf(3, { heartbeatTicks: 100 });
    const leader = run(three, leaderOfTerm(three, { term: 2 }), proposeCommands(1)).state;
    const written = run(three, leader, persistedInput(leader)).state;
    const committed = run(three, written, receive(accepted('S2', 2, 1)));
    expect([committed.state.commitIndex, messagesOf(committed.ready)]).toEqual([1, []]);
    const told = run(three, committed.state, TICK);
    expect(told.ready.send).toMatchObject([{ to: 'S2', entries: [], leaderCommit: 1 }]);
    expect(run(three, told.state, TICK).ready.send).toEqual([]);
    // A message with new entries also carries the commitIndex.
    const more = run(three, committed.state, proposeCommands(2));
    expect(more.ready.send).toMatchObject([{ to: 'S2', leaderCommit: 1 }, { to: 'S3' }]);
    expect(run(three, more.state, TICK).ready.send).toEqual([]);
  });

  test('proposals: maximum of uncommitted entries reached → busy', () => {
    const small = configOf(3, { maxUncommittedEntries: 2 });
    const { state, ready } = run(small, leaderOfTerm(small, { term: 2 }), proposeCommands(1, 2, 3));
    expect(ready.replies.map((reply) => reply.type)).toEqual(['rejected', 'accepted', 'accepted']);
    expect(eventsOf(ready, 'ProposalRejected')).toMatchObject([{ reason: 'busy', leaderId: 'S1' }]);
    expect(run(small, state, proposeCommands(4)).ready.replies).toMatchObject([{ reason: 'busy' }]);
  });
});

test('§3.6.2 new leader: long log of earlier terms → not busy, since only a new entry commits it', () => {
  const small = configOf(3, { maxUncommittedEntries: 2 });
  const leader = leaderOfTerm(small, { term: 2, log: [1, 1, 1, 1, 1] });
  expect(run(small, leader, proposeCommands(1)).ready.replies).toMatchObject([{ type: 'accepted', index: 6 }]);
});

describe('L13 hung disk', () => {
  test('§6.2 L13 leader: write outstanding → only its confirmation is stepped, so no heartbeat', () => {
    const leader = leaderOfTerm(config, { term: 2 });
    expect(rules.mayStepDuringWrite(persistedInput(leader))).toBe(true);
    for (const input of [TICK, proposeCommands(1), receive(accepted('S2', 2, 0))]) {
      expect(rules.mayStepDuringWrite(input)).toBe(false);
    }
  });
});
