/**
 * Any network input, such as wrong senders, gaps or invalid numbers: `step` does not throw and keeps its invariants.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stepAll } from '../../../src/core/raft/index.ts';
import type { Message } from '../../../src/core/raft/messages.ts';
import {
  accepted,
  appendEntries,
  configOf,
  eventsOf,
  followerOf,
  leaderOfTerm,
  PRODUCTION,
  receive,
  requestVote,
  run,
  wireEntry,
} from './helpers.ts';

const config = configOf(3);

describe('messages that no correct server sends', () => {
  test('message: wrong receiver, unknown sender, own id or invalid term → dropped', () => {
    const state = followerOf(config, { term: 1 });
    for (const stray of [{ to: 'S2' }, { from: 'S9' }, { from: 'S1' }, { from: '__proto__' }, { term: Number.NaN }]) {
      const { state: after, ready } = run(config, state, receive({ ...requestVote({ term: 5 }), ...stray }));
      expect([after, ready.events, ready.sendAfterPersist]).toEqual([state, [], []]);
    }
  });

  test.each([
    ['a gap', [wireEntry(2, 1), wireEntry(4, 1)]],
    ['a falling term', [wireEntry(2, 2), wireEntry(3, 1)]],
    ['a term above the leader’s', [wireEntry(2, 9)]],
    ['a wrong first index', [wireEntry(1, 1)]],
    ['term 0', [wireEntry(2, 0)]],
  ])('entries: %s → refused as malformed, no reply', (_name, entries) => {
    const state = followerOf(config, { term: 2, log: [1] });
    const message = { ...appendEntries({ term: 2, prevLogIndex: 1, prevLogTerm: 1 }), entries };
    const { state: after, ready } = run(config, state, receive(message));
    expect(after).toEqual(state);
    expect(eventsOf(ready, 'AppendRejected')).toMatchObject([{ reason: 'malformed' }]);
    expect(ready.sendAfterPersist).toEqual([]);
  });

  test('leader: AppendEntries of another leader in its term → refused, keeps leading', () => {
    const { state, ready } = run(config, leaderOfTerm(config, { term: 2 }), receive(appendEntries({ term: 2 })));
    expect(state.role.name).toBe('leader');
    expect(eventsOf(ready, 'AppendRejected')).toMatchObject([{ reason: 'malformed' }]);
  });

  test('leader: acknowledgement of a fractional index → ignored', () => {
    const { state } = run(config, leaderOfTerm(config, { term: 2, log: [2, 2] }), receive(accepted('S2', 2, 1.5)));
    expect(state.role).toMatchObject({ progress: { S2: { matchIndex: 0 } } });
  });
});

const number = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 0, max: 8 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 1.5, Number.NaN, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY) },
);
const addressed = { from: fc.constantFrom('S2', 'S3', 'S9'), to: fc.constant('S1'), term: number };
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({
    ...addressed,
    type: fc.constant('RequestVote' as const),
    preVote: fc.boolean(),
    lastLogIndex: number,
    lastLogTerm: number,
  }),
  fc.record({
    ...addressed,
    type: fc.constant('RequestVoteReply' as const),
    preVote: fc.boolean(),
    voteGranted: fc.boolean(),
  }),
  fc.record({
    ...addressed,
    type: fc.constant('AppendEntries' as const),
    prevLogIndex: number,
    prevLogTerm: number,
    leaderCommit: number,
    entries: fc.oneof(
      fc.array(
        fc.tuple(number, number).map(([index, term]) => wireEntry(index, term)),
        { maxLength: 3 },
      ),
      fc
        .tuple(fc.nat(5), fc.nat(4), fc.nat(3))
        .map(([first, term, count]) =>
          Array.from({ length: count }, (_, offset) => wireEntry(first + 1 + offset, term)),
        ),
    ),
  }),
  fc.record({
    ...addressed,
    type: fc.constant('AppendEntriesReply' as const),
    success: fc.constant(true as const),
    matchIndex: number,
  }),
  fc.record({
    ...addressed,
    type: fc.constant('AppendEntriesReply' as const),
    success: fc.constant(false as const),
    prevLogIndex: number,
    conflictIndex: number,
    conflictTerm: number,
  }),
);

test('step: any messages as leader or follower, both presets → does not throw', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 30 }), fc.boolean(), fc.boolean(), (messages, leads, production) => {
      const setting = configOf(3, production ? { flags: PRODUCTION } : {});
      const start = leads
        ? leaderOfTerm(setting, { term: 3, log: [1, 2, 3], commitIndex: 1 })
        : followerOf(setting, { term: 3, log: [1, 2, 3], commitIndex: 1 });
      const inputs = messages.flatMap((one) => [receive(one), { type: 'tick' as const }]);
      const { state } = stepAll(setting, start, inputs);
      expect(state.commitIndex).toBeGreaterThanOrEqual(1);
      expect(state.currentTerm).toBeGreaterThanOrEqual(3);
    }),
    { numRuns: 400 },
  );
});
