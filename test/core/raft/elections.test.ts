/** Rules E1–E10: terms, votes, timers and restarts, one test for each sentence of SPEC.md. */
import { describe, expect, test } from 'vitest';
import { drawElectionTimeout, isUpToDate } from '../../../src/core/raft/election-rules.ts';
import { effects, persistedInput, restore, step, stepAll } from '../../../src/core/raft/index.ts';
import {
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
  SERVERS,
  TICK,
  tickUntil,
} from './helpers.ts';

describe('E1 messages and the write', () => {
  test('§3.8 E1 voter: grants a vote → reply leaves after the write of term and vote', () => {
    const config = configOf(3);
    const { ready } = run(config, followerOf(config, { term: 1 }), receive(requestVote({ term: 2 })));
    expect(ready.send).toEqual([]);
    expect(ready.persist?.hardState).toEqual({ currentTerm: 2, votedFor: 'S2' });
    expect(effects(ready).map((effect) => effect.type)).toEqual(['persist', 'emit', 'send']);
  });

  test('§3.8 E1 acknowledgement, vote request: write pending → sent after the write', () => {
    const config = configOf(3);
    const appended = run(config, followerOf(config, { term: 1 }), receive(appendEntries({ term: 1, terms: [1] })));
    expect(appended.ready.send).toEqual([]);
    expect(appended.ready.sendAfterPersist).toHaveLength(1);
    const { readys } = tickUntil(config, followerOf(config, { term: 1 }), (state) => state.role.name === 'candidate');
    expect(readys.flatMap((ready) => ready.send)).toEqual([]);
    expect(readys.flatMap((ready) => ready.sendAfterPersist)).toHaveLength(2);
  });

  test('§10.2.1 E1 leader: own write outstanding → sends entries, only in a term that is on disk', () => {
    const config = configOf(3);
    const leader = leaderOfTerm(config, { term: 2 });
    expect(run(config, leader, proposeCommands(1)).ready.send).toHaveLength(2);
    const unwritten = { ...leader, durable: { ...leader.durable, currentTerm: 1 } };
    const { ready } = run(config, unwritten, proposeCommands(1));
    expect([ready.send.length, ready.sendAfterPersist.length]).toEqual([0, 2]);
  });
});

describe('E2 vote and term', () => {
  test('§3.4 E2 candidate: leader of its term appears → keeps its vote and refuses others', () => {
    const config = configOf(3);
    const candidate = candidateOf(config, followerOf(config, { term: 1 }));
    const follower = run(config, candidate, receive(appendEntries({ term: 2, from: 'S3' }))).state;
    expect([follower.role.name, follower.votedFor]).toEqual(['follower', 'S1']);
    const { ready } = run(config, follower, receive(requestVote({ term: 2, lastLogIndex: 9, lastLogTerm: 2 })));
    expect(eventsOf(ready, 'VoteDenied')[0]?.reason).toBe('E2-already-voted');
    expect(ready.persist).toBeNull();
  });

  test('§3.4 E2 server: higher term → vote cleared in the same write', () => {
    const config = configOf(3);
    const state = followerOf(config, { term: 1, votedFor: 'S3' });
    const { ready } = run(config, state, receive(appendEntries({ term: 2 })));
    expect(ready.persist?.hardState).toEqual({ currentTerm: 2, votedFor: null });
  });

  test('§3.4 E2 voter: same candidate asks again → grants its vote again', () => {
    const config = configOf(3);
    const { ready } = run(config, followerOf(config, { term: 2, votedFor: 'S2' }), receive(requestVote({ term: 2 })));
    expect(messagesOf(ready)).toMatchObject([{ voteGranted: true, term: 2 }]);
    expect(ready.persist).toBeNull();
  });
});

describe('E3 up to date', () => {
  test.each([
    { candidate: { term: 3, index: 1 }, own: { term: 2, index: 9 }, expected: true },
    { candidate: { term: 2, index: 9 }, own: { term: 3, index: 1 }, expected: false },
    { candidate: { term: 2, index: 5 }, own: { term: 2, index: 5 }, expected: true },
    { candidate: { term: 2, index: 4 }, own: { term: 2, index: 5 }, expected: false },
    { candidate: { term: 2, index: 6 }, own: { term: 2, index: 5 }, expected: true },
  ])('§3.6.1 E3 isUpToDate: candidate $candidate, own $own → $expected', ({ candidate, own, expected }) => {
    expect(isUpToDate(candidate, own)).toBe(expected);
  });

  test('§3.6.1 E3 voter: candidate’s log is behind → vote denied with the reason', () => {
    const config = configOf(3);
    const state = followerOf(config, { term: 3, log: [1, 3] });
    const { state: after, ready } = run(
      config,
      state,
      receive(requestVote({ term: 4, lastLogIndex: 7, lastLogTerm: 2 })),
    );
    expect(eventsOf(ready, 'VoteDenied')).toMatchObject([{ reason: 'E3-log-behind', candidate: 'S2', term: 4 }]);
    expect([after.currentTerm, after.votedFor]).toEqual([4, null]);
  });
});

describe('E4 counting votes', () => {
  const vote = (from: string, term: number, preVote = false) =>
    receive({ type: 'RequestVoteReply', from, to: 'S1', term, preVote, voteGranted: true });

  test('§3.4 E4 candidate: own vote not on disk → not counted until it is', () => {
    const config = configOf(3);
    const candidate = candidateOf(config, followerOf(config, { term: 1 }));
    const waiting = run(config, candidate, vote('S2', 2)).state;
    expect(waiting.role.name).toBe('candidate');
    expect(run(config, waiting, persistedInput(waiting)).state.role.name).toBe('leader');
  });

  test('§9.6 E4 candidate: stale votes, pre-votes, votes of non-members → not counted', () => {
    const config = configOf(3);
    const begun = candidateOf(config, followerOf(config, { term: 4 }));
    const candidate = run(config, begun, persistedInput(begun)).state;
    for (const input of [vote('S2', 4), vote('S2', 5, true), vote('S2', 6, true), vote('S9', 5), vote('S1', 5)]) {
      expect(run(config, candidate, input).state.role.name).toBe('candidate');
    }
    expect(run(config, candidate, vote('S2', 5)).state.role.name).toBe('leader');
  });

  test('§3.4 E4 candidate: same vote twice, then a denial → vote counts once and stays', () => {
    const config = configOf(5);
    const begun = candidateOf(config, followerOf(config, { term: 1 }));
    const candidate = run(config, begun, persistedInput(begun)).state;
    const denied = receive({
      type: 'RequestVoteReply' as const,
      from: 'S2',
      to: 'S1',
      term: 2,
      preVote: false,
      voteGranted: false,
    });
    const { state } = stepAll(config, candidate, [vote('S2', 2), vote('S2', 2), denied]);
    expect(state.role).toMatchObject({ name: 'candidate', votes: { S1: true, S2: true } });
    expect(run(config, state, vote('S3', 2)).state.role.name).toBe('leader');
  });
});

describe('E5 higher terms', () => {
  test.each([
    ['a heartbeat reply', rejected('S2', 5, { prevLogIndex: 0, conflictIndex: 1, conflictTerm: 0 })],
    ['a vote request with a log that is behind', requestVote({ term: 5 })],
    ['an append whose log does not match', appendEntries({ term: 5, prevLogIndex: 9, prevLogTerm: 4 })],
    [
      'a vote reply',
      { type: 'RequestVoteReply', from: 'S2', to: 'S1', term: 5, preVote: false, voteGranted: false } as const,
    ],
  ])('§3.3 E5 leader: %s with a higher term → steps down', (_name, message) => {
    const config = configOf(3);
    const leader = leaderOfTerm(config, { term: 4, log: [4] });
    const { state, ready } = run(config, leader, receive(message));
    expect([state.role.name, state.currentTerm]).toEqual(['follower', 5]);
    expect(eventsOf(ready, 'SteppedDown')).toMatchObject([{ role: 'leader', reason: 'E5-higher-term', term: 4 }]);
    expect(eventsOf(ready, 'TermAdvanced')).toMatchObject([{ from: 4, term: 5 }]);
    expect(ready.persist?.hardState?.currentTerm).toBe(5);
  });
});

describe('E6 causes of a timer restart', () => {
  const config = configOf(3);
  const aged = { ...followerOf(config, { term: 2, log: [1, 2], leaderId: 'S2' }), electionElapsed: 5 };
  const resets = (state: typeof aged, message: Parameters<typeof receive>[0]) =>
    eventsOf(run(config, state, receive(message)).ready, 'ElectionTimerReset').map((event) => event.reason);

  test('§3.4 E6 election timer: message of the current leader, logs differ or not → restarts', () => {
    expect(resets(aged, appendEntries({ term: 2 }))).toEqual(['heard-from-leader']);
    expect(resets(aged, appendEntries({ term: 2, prevLogIndex: 9, prevLogTerm: 2 }))).toEqual(['heard-from-leader']);
  });

  test('§3.4 E6 election timer: vote granted → restarts; vote denied → keeps running', () => {
    expect(resets(aged, requestVote({ term: 3, lastLogIndex: 2, lastLogTerm: 2 }))).toEqual(['vote-granted']);
    expect(resets(aged, requestVote({ term: 3, lastLogIndex: 1, lastLogTerm: 1 }))).toEqual([]);
  });

  test('§3.4 E6 election timer: same vote given again → keeps running', () => {
    const voter = { ...aged, votedFor: 'S2', role: { name: 'follower', leaderId: null } } as const;
    const { state, ready } = run(config, voter, receive(requestVote({ term: 2, lastLogIndex: 2, lastLogTerm: 2 })));
    expect(messagesOf(ready)).toMatchObject([{ voteGranted: true }]);
    expect(eventsOf(ready, 'ElectionTimerReset')).toEqual([]);
    expect(state.electionElapsed).toBe(5);
  });

  test('§3.4 E6 election timer: message of an older leader → keeps running', () => {
    expect(resets(aged, appendEntries({ term: 1 }))).toEqual([]);
  });

  test('§3.4 E6 election timer: election started → restarts', () => {
    const { readys } = tickUntil(config, aged, (state) => state.role.name === 'candidate');
    expect(readys.flatMap((ready) => eventsOf(ready, 'ElectionTimerReset'))).toMatchObject([
      { reason: 'election-started', term: 3 },
    ]);
  });

  test('election timer: restarted again within the same tick → no second event', () => {
    const heartbeat = receive(appendEntries({ term: 2 }));
    const { ready } = stepAll(config, aged, [heartbeat, heartbeat, heartbeat, TICK, heartbeat, heartbeat]);
    expect(eventsOf(ready, 'ElectionTimerReset')).toHaveLength(2);
  });
});

describe('E7 restart', () => {
  test('§3.4 E7 start: any cluster size → follower with the term, vote and log of the disk', () => {
    const config = configOf(1);
    const before = tickUntil(config, restore(config, null, 1).state, (state) => state.role.name === 'leader').state;
    const { currentTerm, votedFor } = before;
    const { state, ready } = restore(config, { currentTerm, votedFor, entries: [] }, 1);
    expect(state).toMatchObject({ role: { name: 'follower', leaderId: null }, currentTerm: 1, votedFor: 'S1' });
    expect(ready.events.map((event) => event.event)).toEqual(['StateRestored', 'ElectionTimerReset']);
    expect(effects(ready).map((effect) => effect.type)).toEqual(['emit']);
  });

  test('§3.4 E7 start: disk with a vote and three entries → all restored and reported', () => {
    const [entries, votedFor] = [entriesOf([1, 1, 2]), 'S3'];
    const chain = entries[2]?.chain;
    const { state, ready } = restore(configOf(3), { currentTerm: 2, votedFor, entries }, 1);
    expect(state).toMatchObject({ currentTerm: 2, votedFor, lastChain: chain });
    expect(state.durable).toEqual({ index: 3, term: 2, currentTerm: 2, votedFor });
    expect(eventsOf(ready, 'StateRestored')).toMatchObject([{ term: 2, votedFor, lastIndex: 3, chain }]);
  });
});

describe('E8 applied entries and the own disk', () => {
  test('§10.2.1 E8 cluster of one: own write pending → commits and applies only after it', () => {
    const config = configOf(1);
    const leader = tickUntil(config, restore(config, null, 1).state, (state) => state.role.name === 'leader').state;
    const proposed = run(config, leader, proposeCommands(7));
    expect([proposed.state.commitIndex, proposed.ready.apply]).toEqual([0, []]);
    const answered = run(config, proposed.state, persistedInput(proposed.state));
    expect(answered.state.commitIndex).toBe(1);
    expect(answered.ready.apply).toMatchObject([{ index: 1, command: 7 }]);
  });

  test('§10.2.1 E8 follower: committed entries not on disk → applied after their write', () => {
    const config = configOf(3);
    const input = receive(appendEntries({ term: 1, terms: [1, 1], leaderCommit: 2 }));
    const appended = run(config, followerOf(config, { term: 1 }), input);
    expect([appended.state.commitIndex, appended.ready.apply]).toEqual([2, []]);
    const answered = run(config, appended.state, persistedInput(appended.state));
    expect(answered.ready.apply.map((entry) => entry.index)).toEqual([1, 2]);
  });

  test('§10.2.1 E8 confirmed write: log has another term at its index → does not count', () => {
    const config = configOf(3);
    const first = run(config, followerOf(config, { term: 1 }), receive(appendEntries({ term: 1, terms: [1, 1] })));
    const late = persistedInput(first.state);
    const overwrite = appendEntries({ term: 2, prevLogIndex: 1, prevLogTerm: 1, terms: [2] });
    const second = run(config, first.state, receive(overwrite));
    expect(run(config, second.state, late).state.durable.index).toBe(0);
    expect(run(config, second.state, persistedInput(second.state)).state.durable).toMatchObject({ index: 2, term: 2 });
  });
});

describe('E9 random timeouts', () => {
  test('§9.3 E9 election timeout: many draws → each value of [T, 2T] and no other', () => {
    const drawn = new Set<number>();
    let random = 12345;
    for (let count = 0; count < 1000; count++) {
      const draw = drawElectionTimeout(10, random);
      random = draw.random;
      drawn.add(draw.timeoutTicks);
    }
    expect([...drawn].sort((a, b) => a - b)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  });

  test('§9.3 E9 election timeout: longest timeout given → each value of that range and no other', () => {
    const drawn = new Set<number>();
    let random = 12345;
    for (let count = 0; count < 1000; count++) {
      const draw = drawElectionTimeout(15, random, 18);
      random = draw.random;
      drawn.add(draw.timeoutTicks);
    }
    expect([...drawn].sort((a, b) => a - b)).toEqual([15, 16, 17, 18]);
    const config = configOf(5, { electionTicks: 15, electionMaxTicks: 15 });
    expect(SERVERS.map((id) => restore({ ...config, id }, null, 7).state.electionTimeout)).toEqual(Array(5).fill(15));
  });

  test('§9.3 E9 servers: same seed, different ids → different timeouts', () => {
    const draws = (seed: number) =>
      SERVERS.map((id) => restore(configOf(5, { id, electionTicks: 1000 }), null, seed).state.electionTimeout);
    for (let seed = 0; seed < 20; seed++) {
      expect(new Set(draws(seed)).size).toBeGreaterThanOrEqual(4);
    }
    expect(draws(3)).toEqual(draws(3));
  });

  test('§3.4 E9 follower: drawn timeout has passed → election begins at that tick', () => {
    for (const flags of [configOf(3).flags, PRODUCTION]) {
      const config = configOf(3, { flags });
      const start = followerOf(config, { term: 1 });
      const { readys } = tickUntil(config, start, (state) => state.role.name !== 'follower');
      const events = readys.flatMap((ready) => ready.events);
      const begun = events.find((event) => event.event === 'ElectionStarted' || event.event === 'PreVoteStarted');
      expect(begun).toMatchObject({ silentTicks: start.electionTimeout });
    }
  });
});

describe('E10 repeated vote requests', () => {
  const asked = (readys: readonly { ready: ReturnType<typeof run>['ready'] }[]) =>
    readys.map(({ ready }) =>
      messagesOf(ready)
        .filter((message) => message.type === 'RequestVote')
        .map(({ to, term }) => `${to} in ${term}`),
    );
  const ticks = (config: ReturnType<typeof configOf>, from: ReturnType<typeof candidateOf>, count: number) => {
    const done: ReturnType<typeof run>[] = [];
    let state = from;
    for (let tick = 0; tick < count; tick++) {
      const stepped = run(config, state, TICK);
      state = stepped.state;
      done.push(stepped);
    }
    return done;
  };

  test.each([
    ['candidate', configOf(5).flags, false],
    ['pre-candidate', PRODUCTION, true],
  ] as const)(
    '§5.1 E10 %s: no answer from some servers → asks them at each heartbeat until it wins',
    (name, flags, preVote) => {
      const config = configOf(5, { flags });
      const begun = tickUntil(config, followerOf(config, { term: 1 }), (state) => state.role.name === name).state;
      const answer = (from: string, voteGranted: boolean) =>
        receive({
          type: 'RequestVoteReply',
          from,
          to: 'S1',
          term: preVote && !voteGranted ? 1 : 2,
          preVote,
          voteGranted,
        });
      const heard = stepAll(config, begun, [answer('S2', true), answer('S3', false)]).state;
      expect(asked(ticks(config, heard, 7))).toEqual([
        ...[[], [], ['S4 in 2', 'S5 in 2']],
        ...[[], [], ['S4 in 2', 'S5 in 2'], []],
      ]);
      const won = run(config, heard, answer('S4', true)).state;
      expect(won.role.name).toBe(preVote ? 'candidate' : 'leader');
    },
  );

  test('§5.1 E10 candidate: own vote not on disk → no repeated vote request', () => {
    const config = configOf(3);
    const waiting = candidateOf(config, followerOf(config, { term: 1 }));
    expect(asked(ticks(config, waiting, 3))).toEqual([[], [], []]);
    const written = run(config, waiting, persistedInput(waiting)).state;
    expect(asked(ticks(config, written, 3))).toEqual([[], [], ['S2 in 2', 'S3 in 2']]);
  });

  test('§5.1 E10 follower, leader: heartbeat intervals pass → no vote request', () => {
    const config = configOf(3);
    const leader = leaderOfTerm(config, { term: 2, log: [2] });
    for (const state of [followerOf(config, { term: 1 }), leader]) {
      expect(asked(ticks(config, state, 6)).flat()).toEqual([]);
    }
  });
});

test('step: same state and input twice → same output, byte for byte', () => {
  const config = configOf(3);
  const state = leaderOfTerm(config, { term: 2, log: [1, 2] });
  const input = proposeCommands(1, 2, 3);
  expect(JSON.stringify(step(config, state, input))).toBe(JSON.stringify(step(config, state, input)));
});
