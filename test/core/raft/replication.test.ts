/** Rules L1–L6: committing, truncation, acknowledgement and repair, with one test for each sentence of SPEC.md. */
import { describe, expect, test } from 'vitest';
import type { RaftConfig } from '../../../src/core/raft/config.ts';
import { persistedInput, stepAll } from '../../../src/core/raft/index.ts';
import type { AppendEntriesReply } from '../../../src/core/raft/messages.ts';
import { nextCommitIndex } from '../../../src/core/raft/replication-rules.ts';
import type { RaftState } from '../../../src/core/raft/state.ts';
import {
  accepted,
  appendEntries,
  configOf,
  durableUpTo,
  eventsOf,
  followerOf,
  leaderOfTerm,
  messagesOf,
  proposeCommands,
  receive,
  rejected,
  run,
  TICK,
  termsOf,
} from './helpers.ts';

const config = configOf(3);

/** Returns a follower's reply to an AppendEntries. */
function replyOf(state: RaftState, message: Parameters<typeof receive>[0]): AppendEntriesReply {
  const [reply] = messagesOf(run(config, state, receive(message)).ready);
  if (reply?.type !== 'AppendEntriesReply') {
    throw new Error('no reply');
  }
  return reply;
}

describe('L1 commit', () => {
  test('§3.6.2 L1 leader: entry of an older term on a majority → not committed', () => {
    const leader = leaderOfTerm(config, { term: 4, log: [1, 2] });
    const { state, ready } = run(config, leader, receive(accepted('S2', 4, 2)));
    expect(state.commitIndex).toBe(0);
    expect(eventsOf(ready, 'NotCommitted')).toEqual([
      { event: 'NotCommitted', term: 4, index: 2, entryTerm: 2, reason: 'L1-old-term' },
    ]);
    // The event is reported once: a second reply with the same result adds none.
    expect(eventsOf(run(config, state, receive(accepted('S3', 4, 2))).ready, 'NotCommitted')).toEqual([]);
  });

  test('§3.6.2 L1 leader: entry of its own term on a majority → committed with all before it', () => {
    const leader = leaderOfTerm(config, { term: 4, log: [1, 2, 4] });
    const { state, ready } = run(config, leader, receive(accepted('S2', 4, 3)));
    expect(state.commitIndex).toBe(3);
    expect(ready.apply.map((entry) => entry.index)).toEqual([1, 2, 3]);
    expect(eventsOf(ready, 'CommitAdvanced')).toMatchObject([{ from: 0, to: 3, reason: 'quorum' }]);
  });

  test('§3.6.2 L1 leader: five voters → three must store an entry', () => {
    const from = { commitIndex: 0, lastIndexBeforeTerm: 0 };
    expect(nextCommitIndex({ ...from, matchIndexes: [5, 5, 0, 0, 0] })).toBe(0);
    expect(nextCommitIndex({ ...from, matchIndexes: [5, 4, 3, 0, 0] })).toBe(3);
    expect(nextCommitIndex({ ...from, matchIndexes: [5, 5, 0, 0] })).toBe(0);
    expect(nextCommitIndex({ ...from, matchIndexes: [5, 2, 2, 0], commitIndex: 4 })).toBe(4);
  });
});

describe('L2 truncation', () => {
  test('§3.5 L2 follower: short, old or repeated request → log not shortened', () => {
    const follower = followerOf(config, { term: 2, log: [1, 1, 2, 2] });
    for (const message of [
      appendEntries({ term: 2, prevLogIndex: 1, prevLogTerm: 1 }),
      appendEntries({ term: 2, terms: [1, 1] }),
      appendEntries({ term: 2, prevLogIndex: 2, prevLogTerm: 1, terms: [2] }),
    ]) {
      const { state, ready } = run(config, follower, receive(message));
      expect([termsOf(state), ready.persist]).toEqual([[1, 1, 2, 2], null]);
    }
  });

  test('§3.5 L2 follower: conflict → entries from it on replaced in one write', () => {
    const follower = followerOf(config, { term: 2, log: [1, 1, 2, 2] });
    const message = appendEntries({ term: 3, prevLogIndex: 1, prevLogTerm: 1, terms: [1, 3] });
    const { state, ready } = run(config, follower, receive(message));
    expect(termsOf(state)).toEqual([1, 1, 3]);
    expect(state.durable.index).toBe(2);
    expect(ready.persist).toMatchObject({ truncateFrom: 3, entries: [{ index: 3, term: 3 }] });
    expect(eventsOf(ready, 'EntriesTruncated')).toMatchObject([
      { from: 3, last: 4, conflictTerm: 2, leaderTerm: 3, reason: 'L2-conflict' },
    ]);
    expect(eventsOf(ready, 'EntriesAppended')).toMatchObject([{ first: 3, last: 3, chain: state.lastChain }]);
  });

  test('§3.6.3 L2 follower: message would overwrite a committed entry → refused', () => {
    const follower = followerOf(config, { term: 2, log: [1, 2], commitIndex: 2 });
    const message = appendEntries({ term: 3, prevLogIndex: 1, prevLogTerm: 1, terms: [3] });
    const { state, ready } = run(config, follower, receive(message));
    expect(termsOf(state)).toEqual([1, 2]);
    expect(eventsOf(ready, 'AppendRejected')).toMatchObject([{ reason: 'L2-committed-conflict' }]);
    expect(messagesOf(ready)).toEqual([]);
  });
});

describe('L3 a follower’s commitIndex', () => {
  test('§3.5 L3 commitIndex: unverified entries after the message → stops before them', () => {
    const follower = followerOf(config, { term: 2, log: [1, 1, 1, 1] });
    const message = appendEntries({ term: 2, prevLogIndex: 1, prevLogTerm: 1, terms: [1], leaderCommit: 4 });
    expect(run(config, follower, receive(message)).state.commitIndex).toBe(2);
  });

  test('§3.5 L3 commitIndex: lower leaderCommit → unchanged', () => {
    const follower = followerOf(config, { term: 2, log: [1, 1, 1], commitIndex: 3 });
    const message = appendEntries({ term: 2, prevLogIndex: 1, prevLogTerm: 1, leaderCommit: 1 });
    expect(run(config, follower, receive(message)).state.commitIndex).toBe(3);
  });

  test('L3 heartbeat: follower’s log known only in part → leaderCommit limited to that part', () => {
    const leader = leaderOfTerm(config, {
      term: 2,
      log: [2, 2, 2],
      commitIndex: 3,
      progress: { S2: { matchIndex: 3 }, S3: { matchIndex: 1 } },
    });
    const { ready } = stepAll(config, leader, [TICK, TICK, TICK]);
    expect(ready.send).toMatchObject([
      { to: 'S2', leaderCommit: 3, entries: [] },
      { to: 'S3', leaderCommit: 1, entries: [] },
    ]);
  });
});

describe('L4 acknowledgement', () => {
  test('§3.5 L4 acknowledgement: unverified entries after the message → stops before them', () => {
    const follower = followerOf(config, { term: 3, log: [1, 1, 2, 2, 2] });
    expect(replyOf(follower, appendEntries({ term: 3, terms: [1, 1] }))).toMatchObject({
      success: true,
      matchIndex: 2,
    });
    const heartbeat = appendEntries({ term: 3, prevLogIndex: 1, prevLogTerm: 1 });
    expect(replyOf(follower, heartbeat)).toMatchObject({ success: true, matchIndex: 1 });
  });
});

describe('L5 late replies', () => {
  const replicating = leaderOfTerm(config, {
    term: 2,
    log: [1, 1, 1, 2, 2, 2],
    progress: { S2: { matchIndex: 4, nextIndex: 7, inFlight: [5, 6] } },
  });

  test('§3.5 L5 leader: success with a lower matchIndex → matchIndex unchanged', () => {
    const { state } = run(config, replicating, receive(accepted('S2', 2, 3)));
    expect(state.role).toMatchObject({ progress: { S2: { matchIndex: 4, nextIndex: 7, inFlight: [5, 6] } } });
  });

  test('§3.5 L5 leader: rejection of a matched index or of no outstanding message → ignored', () => {
    for (const prevLogIndex of [2, 4, 7, 9]) {
      const late = rejected('S2', 2, { prevLogIndex, conflictIndex: 1, conflictTerm: 0 });
      const { state, ready } = run(config, replicating, receive(late));
      expect(state.role).toMatchObject({ progress: { S2: { state: 'replicate', nextIndex: 7 } } });
      expect(messagesOf(ready)).toEqual([]);
    }
  });

  test('§3.5 L5 leader: same rejection twice → nextIndex moves back once', () => {
    const first = rejected('S2', 2, { prevLogIndex: 6, conflictIndex: 5, conflictTerm: 0 });
    const probing = run(config, replicating, receive(first)).state;
    expect(probing.role).toMatchObject({ progress: { S2: { state: 'probe', matchIndex: 4, nextIndex: 5 } } });
    expect(messagesOf(run(config, probing, receive(first)).ready)).toEqual([]);
  });

  test('§3.5 L5 leader: success with an equal matchIndex → ends probing', () => {
    const lost = rejected('S2', 2, { prevLogIndex: 6, conflictIndex: 5, conflictTerm: 0 });
    const probing = run(config, replicating, receive(lost)).state;
    const { state, ready } = run(config, probing, receive(accepted('S2', 2, 4)));
    expect(state.role).toMatchObject({ progress: { S2: { state: 'replicate', matchIndex: 4, nextIndex: 7 } } });
    expect(ready.send).toMatchObject([{ to: 'S2', prevLogIndex: 4, entries: [{ index: 5 }, { index: 6 }] }]);
  });

  test('L5 leader: success beyond its own log → ignored', () => {
    const { state } = run(config, replicating, receive(accepted('S2', 2, 99)));
    expect(state.role).toMatchObject({ progress: { S2: { matchIndex: 4 } } });
  });
});

describe('L6 repair', () => {
  test('§3.5 L6 follower: rejection → hint with its term and first index, or its log’s end', () => {
    const follower = followerOf(config, { term: 5, log: [1, 1, 2, 2, 2] });
    expect(replyOf(follower, appendEntries({ term: 5, prevLogIndex: 5, prevLogTerm: 4 }))).toMatchObject({
      success: false,
      prevLogIndex: 5,
      conflictIndex: 3,
      conflictTerm: 2,
    });
    expect(replyOf(follower, appendEntries({ term: 5, prevLogIndex: 8, prevLogTerm: 4 }))).toMatchObject({
      conflictIndex: 6,
      conflictTerm: 0,
    });
  });

  test('§3.5 L6 leader: hint → continues after its last entry of that term, or at the hint', () => {
    const leader = leaderOfTerm(config, { term: 6, log: [1, 1, 2, 2, 5, 5, 6] });
    const nextIndexAfter = (conflictIndex: number, conflictTerm: number) => {
      const probing = run(config, leader, TICK).state;
      const hint = { prevLogIndex: 7, conflictIndex, conflictTerm };
      const inFlight = { ...probing, role: withInFlight(probing, 7) };
      const { state } = run(config, inFlight, receive(rejected('S2', 6, hint)));
      return state.role.name === 'leader' ? state.role.progress.S2?.nextIndex : null;
    };
    expect(nextIndexAfter(3, 2)).toBe(5);
    expect(nextIndexAfter(3, 4)).toBe(3);
    expect(nextIndexAfter(4, 0)).toBe(4);
    expect(nextIndexAfter(99, 0)).toBe(7);
    expect(nextIndexAfter(-5, 0)).toBe(1);
  });

  test('§3.5 L6 leader: 50 or 5,000 wrong entries → at most one probe for each divergent term', () => {
    for (const wrong of [50, 5000]) {
      const shared = Array.from({ length: 10 }, () => 1);
      const leader = leaderOfTerm(config, {
        term: 9,
        log: [...shared, ...Array.from({ length: wrong }, () => 8)],
        progress: { S2: { inFlight: [10 + wrong] } },
      });
      const followerLog = [...shared, ...[2, 3, 4].flatMap((term) => Array.from({ length: wrong / 2 }, () => term))];
      const follower = followerOf({ ...config, id: 'S2' }, { term: 9, log: followerLog });
      expect(exchangesUntilRepaired(config, leader, follower)).toBeLessThanOrEqual(4 + Math.ceil(wrong / 256));
    }
  });
});

test('§3.8 leader: own write pending → EntriesAppended reported after it', () => {
  const leader = leaderOfTerm(config, { term: 2, log: [2] });
  const proposed = run(config, leader, proposeCommands(5, 6));
  expect(eventsOf(proposed.ready, 'EntriesAppended')).toEqual([]);
  const answered = run(config, proposed.state, persistedInput(proposed.state));
  expect(eventsOf(answered.ready, 'EntriesAppended')).toMatchObject([{ first: 2, last: 3 }]);
});

test('§10.2.1 leader: majority without its own disk → commits, and applies after its own write', () => {
  const five = configOf(3);
  const leader = durableUpTo(leaderOfTerm(five, { term: 2, log: [2, 2] }), 1);
  const { state, ready } = stepAll(five, leader, [receive(accepted('S2', 2, 2)), receive(accepted('S3', 2, 2))]);
  expect(state.commitIndex).toBe(2);
  expect(ready.apply.map((entry) => entry.index)).toEqual([1]);
});

function withInFlight(state: RaftState, last: number): RaftState['role'] {
  const { role } = state;
  const progress = role.name === 'leader' ? role.progress.S2 : undefined;
  if (role.name !== 'leader' || progress?.state !== 'replicate') {
    throw new Error('not replicating');
  }
  return { ...role, progress: { ...role.progress, S2: { ...progress, nextIndex: last + 1, inFlight: [last] } } };
}

/**
 * Sends a heartbeat and delivers messages between two servers until the logs are equal. Returns the number of requests.
 */
function exchangesUntilRepaired(setting: RaftConfig, from: RaftState, to: RaftState): number {
  let leader = from;
  let follower = to;
  let requests = 0;
  const ticked = stepAll(setting, leader, [TICK, TICK, TICK]);
  leader = ticked.state;
  let queue = messagesOf(ticked.ready);
  while (queue.length > 0 && requests < 1000) {
    const next: typeof queue = [];
    for (const message of queue) {
      if (message.to === 'S2') {
        requests++;
        const stepped = run({ ...setting, id: 'S2' }, follower, receive(message));
        follower = stepped.state;
        next.push(...messagesOf(stepped.ready));
      } else if (message.to === 'S1') {
        const stepped = run(setting, leader, receive(message));
        leader = stepped.state;
        next.push(...messagesOf(stepped.ready));
      }
    }
    queue = next;
  }
  expect(follower.lastChain).toBe(leader.lastChain);
  return requests;
}
