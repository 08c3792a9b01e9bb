/**
 * Random messages, entries and commands for the property tests of the wire. fast-check prints seed and path of a
 * failure.
 */
import fc from 'fast-check';
import type { AppendEntries, Message } from '../../../src/core/raft/messages.ts';
import type { EntryContent, WireEntry } from '../../../src/core/vocabulary/index.ts';
import type { Command } from '../../../src/core/wire/index.ts';

const count = fc.nat(1_000_000);
const positive = fc.integer({ min: 1, max: 1_000_000 });
const text = fc.string({ unit: 'binary', maxLength: 12 });

export const arbitraryCommand: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ op: fc.constant('get' as const), key: text }),
  fc.record({ op: fc.constant('set' as const), key: text, value: text }),
  fc.record({ op: fc.constant('append' as const), key: text, value: text }),
  fc.record({ op: fc.constant('delete' as const), key: text }),
  fc.record({
    op: fc.constant('cas' as const),
    key: text,
    expected: fc.option(text),
    value: text,
  }),
);

const content: fc.Arbitrary<EntryContent> = fc.oneof(
  fc.record({ type: fc.constant('noop' as const) }),
  fc.record({ type: fc.constant('session' as const) }),
  fc.record({
    type: fc.constant('command' as const),
    session: positive,
    sequence: positive,
    command: arbitraryCommand,
  }),
  fc.record({
    type: fc.constant('command' as const),
    session: fc.constant(null),
    sequence: fc.constant(null),
    command: fc.jsonValue({ maxDepth: 5 }).map((value) => JSON.parse(JSON.stringify(value))),
  }),
);

export const arbitraryEntry: fc.Arbitrary<WireEntry> = fc
  .tuple(content, positive, positive)
  .map(([what, index, term]) => ({ ...what, index, term }));

const addressed = fc
  .record({ from: fc.constantFrom('S1', 'S2', 'S9'), to: fc.constantFrom('S3', 'S4', 'S12'), term: count })
  .map((fields) => ({ ...fields }));

const appendEntries: fc.Arbitrary<AppendEntries> = fc
  .record({
    address: addressed,
    prevLogIndex: count,
    prevLogTerm: count,
    leaderCommit: count,
    contents: fc.array(content, { maxLength: 5 }),
    rises: fc.array(fc.nat(2), { minLength: 6, maxLength: 6 }),
  })
  .map(({ address, prevLogIndex, prevLogTerm, leaderCommit, contents, rises }) => {
    let term = Math.max(prevLogTerm, 1);
    const entries = contents.map((what, at) => {
      term += rises[at] ?? 0;
      return { ...what, index: prevLogIndex + at + 1, term };
    });
    return {
      type: 'AppendEntries',
      ...address,
      term: term + (rises[5] ?? 0),
      prevLogIndex,
      prevLogTerm,
      entries,
      leaderCommit,
    };
  });

export const arbitraryMessage: fc.Arbitrary<Message> = fc.oneof(
  appendEntries,
  fc
    .record({ address: addressed, preVote: fc.boolean(), lastLogIndex: count, lastLogTerm: count })
    .map(({ address, ...rest }) => ({ type: 'RequestVote' as const, ...address, ...rest })),
  fc
    .record({ address: addressed, preVote: fc.boolean(), voteGranted: fc.boolean() })
    .map(({ address, ...rest }) => ({ type: 'RequestVoteReply' as const, ...address, ...rest })),
  fc.record({ address: addressed, matchIndex: count }).map(({ address, matchIndex }) => ({
    type: 'AppendEntriesReply' as const,
    ...address,
    success: true as const,
    matchIndex,
  })),
  fc
    .record({ address: addressed, prevLogIndex: count, conflictIndex: count, conflictTerm: count })
    .map(({ address, ...rest }) => ({
      type: 'AppendEntriesReply' as const,
      ...address,
      success: false as const,
      ...rest,
    })),
);

export const arbitraryStamp = fc.record({ life: positive, counter: count, sentUs: fc.maxSafeNat() });
