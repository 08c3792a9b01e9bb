/** The output of a step: a merged Ready leaves the same disk as its parts, and effects have one fixed order. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RaftEvent } from '../../../src/core/raft/events.ts';
import { effects, emptyReady, mergeReadys, rules } from '../../../src/core/raft/index.ts';
import type { Persist, Ready } from '../../../src/core/raft/ready.ts';
import type { RestoredState } from '../../../src/core/raft/state.ts';
import type { LogEntry } from '../../../src/core/vocabulary/index.ts';
import { accepted, entriesOf } from './helpers.ts';

const START: RestoredState = { currentTerm: 1, votedFor: null, entries: entriesOf([1, 1, 1, 1, 1]) };

/** Returns the contents of a disk after a batch. */
function diskAfter(disk: RestoredState, persist: Persist | null): RestoredState {
  const kept = persist?.truncateFrom == null ? disk.entries : disk.entries.slice(0, persist.truncateFrom - 1);
  return { ...disk, ...persist?.hardState, entries: [...kept, ...(persist?.entries ?? [])] };
}

/** Returns a batch that continues a disk of `length` entries, and the length after it. */
function batchFor(
  length: number,
  wish: { readonly cut: number | null; readonly add: number; readonly term: number | null },
): { readonly persist: Persist | null; readonly length: number } {
  const kept = wish.cut === null ? length : Math.min(length, wish.cut);
  const entries = Array.from(
    { length: wish.add },
    (_, offset): LogEntry => ({
      type: 'noop',
      index: kept + 1 + offset,
      term: 9,
      chain: `${kept + offset}`.padStart(16, '0'),
    }),
  );
  const hardState = wish.term === null ? null : { currentTerm: wish.term, votedFor: null };
  const truncateFrom = wish.cut === null ? null : kept + 1;
  const isNothing = hardState === null && truncateFrom === null && entries.length === 0;
  return { persist: isNothing ? null : { hardState, truncateFrom, entries }, length: kept + wish.add };
}

const wishes = fc.array(
  fc.record({
    cut: fc.option(fc.integer({ min: 0, max: 9 }), { nil: null }),
    add: fc.integer({ min: 0, max: 4 }),
    term: fc.option(fc.integer({ min: 1, max: 9 }), { nil: null }),
  }),
  { maxLength: 6 },
);

describe('mergeReadys', () => {
  test('mergeReadys: batches merged or persisted one after the other → same disk', () => {
    fc.assert(
      fc.property(wishes, (all) => {
        let length = START.entries.length;
        const readys = all.map((wish): Ready => {
          const made = batchFor(length, wish);
          length = made.length;
          return { ...emptyReady(), persist: made.persist };
        });
        const oneByOne = readys.reduce((disk, ready) => diskAfter(disk, ready.persist), START);
        const pairwise = readys.reduce((one, next) => mergeReadys([one, next]), emptyReady());
        expect(diskAfter(START, pairwise.persist)).toEqual(oneByOne);
        expect(diskAfter(START, mergeReadys(readys).persist)).toEqual(oneByOne);
        // A merged batch is valid by itself: its entries continue the part of the log that it keeps.
        const { persist } = pairwise;
        const first = persist?.entries[0]?.index;
        expect(first === undefined || first === (persist?.truncateFrom ?? START.entries.length + 1)).toBe(true);
      }),
    );
  });

  test('mergeReadys: several Readys → all parts in order; without writes → persist is null', () => {
    const event = (term: number): RaftEvent => ({ event: 'LeaderRecognised', term, leaderId: 'S2' });
    const ready = (term: number): Ready => ({
      ...emptyReady(),
      send: [accepted('S1', term, 0)],
      sendAfterPersist: [accepted('S3', term, 0)],
      events: [event(term)],
      replies: [{ type: 'accepted', requestId: `${term}`, index: term, term }],
    });
    const merged = mergeReadys([ready(1), ready(2)]);
    expect(merged.persist).toBeNull();
    expect(merged.send.map((message) => message.term)).toEqual([1, 2]);
    expect(merged.sendAfterPersist.map((message) => message.term)).toEqual([1, 2]);
    expect(merged.events).toEqual([event(1), event(2)]);
    expect(merged.replies.map((reply) => reply.term)).toEqual([1, 2]);
    expect(mergeReadys([])).toEqual(emptyReady());
  });
});

describe('effects', () => {
  const proposed: RaftEvent = { event: 'EntriesProposed', term: 2, first: 1, last: 1, chain: '0', entries: [] };
  const claims: RaftEvent = {
    event: 'VoteGranted',
    term: 2,
    candidate: 'S2',
    preVote: false,
    reason: 'E3-log-up-to-date',
  };
  const full: Ready = {
    send: [accepted('S2', 1, 0)],
    persist: { hardState: null, truncateFrom: null, entries: entriesOf([1]) },
    sendAfterPersist: [accepted('S3', 1, 0)],
    apply: entriesOf([1]),
    replies: [{ type: 'accepted', requestId: 'r', index: 1, term: 1 }],
    events: [claims, proposed, claims],
  };

  test('§3.8 E1 effects: full Ready → emit, send, persist, then emit, send, apply, reply', () => {
    expect(effects(full)).toEqual([
      { type: 'emit', events: [claims, proposed] },
      { type: 'send', messages: full.send },
      { type: 'persist', persist: full.persist },
      { type: 'emit', events: [claims] },
      { type: 'send', messages: full.sendAfterPersist },
      { type: 'apply', entries: full.apply },
      { type: 'reply', replies: full.replies },
    ]);
  });

  test('effects: no proposal → events after the write; no write → events first', () => {
    expect(effects({ ...full, events: [claims] }).map((effect) => effect.type)).toEqual([
      'send',
      'persist',
      'emit',
      'send',
      'apply',
      'reply',
    ]);
    expect(effects({ ...full, persist: null })[0]).toEqual({ type: 'emit', events: full.events });
    expect(effects(emptyReady())).toEqual([]);
  });

  test('§3.8 L11 diskWrites: hard state and entries → two parts, hard state first', () => {
    const { persist } = full;
    const hardState = { currentTerm: 2, votedFor: null };
    expect(persist && rules.diskWrites({ ...persist, hardState })).toEqual([
      { type: 'hardState', hardState },
      { type: 'log', truncateFrom: null, entries: full.persist?.entries },
    ]);
  });
});
