/**
 * The live view equals the fold in the order of time, even when events come late. If it cannot, it must report that it
 * is inexact.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyView } from '../../src/core/trace/empty-view.ts';
import type { TraceEvent } from '../../src/core/trace/events.ts';
import { compareEvents } from '../../src/core/trace/order.ts';
import { LiveFold, type ViewAtKey } from '../../src/recording/live-fold.ts';
import {
  createStory,
  cutOff,
  elect,
  foldAll,
  heal,
  kill,
  replicate,
  restart,
  startCluster,
} from '../core/trace/story.ts';
import { checkProperty } from '../helpers/property.ts';

/**
 * Returns an event whose position in the order affects the fold: the latest event of a source wins, and the story keeps
 * its order.
 */
function eventAt(timeUs: number, seq: number, source = `S${(seq % 5) + 1}`): TraceEvent {
  const envelope = { seq, timeUs, source, nseq: seq, life: 1 };
  if (seq % 7 === 0) return { ...envelope, event: 'TermAdvanced', term: seq, from: 0, reason: 'E5-higher-term' };
  if (seq % 5 === 0) {
    const what = { event: 'ElectionStarted', term: seq, silentTicks: 1, lastLogIndex: 0, lastLogTerm: 0 } as const;
    return { ...envelope, ...what, reason: 'election-timeout' };
  }
  return { ...envelope, event: 'ElectionTimerReset', term: 1, timeoutTicks: seq, reason: 'started' };
}

function liveFold() {
  const settled: ViewAtKey[] = [];
  const onError = (error: Error): void => {
    throw error;
  };
  const live = new LiveFold({ view: emptyView, onError, onSettled: (one) => settled.push(one), settleEvery: 500 });
  return { live, settled };
}

function tell(live: LiveFold, events: readonly TraceEvent[]): void {
  for (let done = 0; done < events.length; ) done += live.fold(events.slice(done));
}

const sorted = (events: readonly TraceEvent[]): readonly TraceEvent[] => events.toSorted(compareEvents);

/** Returns events at distinct times, in an order of arrival. Event i arrives up to `lateBy[i % length]` events late. */
function shuffled(count: number, lateBy: readonly number[]): readonly TraceEvent[] {
  const told = Array.from({ length: count }, (_, at) => ({
    event: eventAt(at * 10, at + 1),
    at: at + (lateBy[at % lateBy.length] ?? 0),
  }));
  return told.toSorted((a, b) => a.at - b.at).map(({ event }) => event);
}

test('live view: events late within the kept stretch → equals the fold by time', () => {
  const lateness = fc.array(fc.oneof(fc.constant(0), fc.nat({ max: 300 })), { minLength: 1, maxLength: 40 });
  const property = fc.property(lateness, fc.integer({ min: 200, max: 700 }), (lateBy, batch) => {
    const told = shuffled(2_500, lateBy);
    const { live, settled } = liveFold();
    for (let from = 0; from < told.length; from += batch) tell(live, told.slice(from, from + batch));
    expect(live.isExact).toBe(true);
    expect(live.view).toEqual(foldAll(sorted(told)));
    expect(settled.length).toBeGreaterThan(0);
    for (const { key, view } of settled.slice(-1)) {
      expect(view).toEqual(foldAll(sorted(told).filter((event) => compareEvents(event, key) <= 0)));
    }
  });
  checkProperty('test/recording/live-fold.test.ts', property, 4);
}, 60_000);

/** A run with commits, kills, cuts, restarts and dropped entries, three times over. */
function eventfulRun(): readonly TraceEvent[] {
  const story = createStory();
  startCluster(story);
  const rest = ['S1', 'S2', 'S5'];
  for (const round of [0, 1, 2]) {
    const [first, term] = [4 * round + 1, 2 * round + 1];
    elect(story, { leader: 'S3', term, voters: ['S3', ...rest], followers: [...rest, 'S4'], lastIndex: first - 1 });
    replicate(story, { leader: 'S3', term, index: first, followers: [...rest, 'S4'] });
    kill(story, 'S4', round + 1);
    replicate(story, { leader: 'S3', term, index: first + 1, followers: rest });
    restart(story, { server: 'S4', ofLife: round + 2, term, lastIndex: first, logTerm: term });
    story.tell('S4', { event: 'LeaderRecognised', term, leaderId: 'S3' });
    cutOff(story, `F${round}`, ['S3', 'S4']);
    replicate(story, { leader: 'S3', term, index: first + 2, followers: ['S4'], commit: false });
    elect(story, { leader: 'S1', term: term + 1, voters: rest, followers: ['S2', 'S5'], lastIndex: first + 1 });
    replicate(story, { leader: 'S1', term: term + 1, index: first + 2, followers: ['S2', 'S5'] });
    heal(story, `F${round}`, ['S3', 'S4']);
    for (const server of ['S3', 'S4']) {
      const dropped = { term: term + 1, from: first + 2, last: first + 2, conflictTerm: term, leaderTerm: term + 1 };
      story.tell(server, { event: 'TermAdvanced', term: term + 1, from: term, reason: 'E5-higher-term' });
      story.tell(server, { event: 'EntriesTruncated', ...dropped, reason: 'L2-conflict' });
    }
  }
  return story.events;
}

test('live story: events up to 20 places late → the story of the recording', () => {
  const events = eventfulRun();
  const expected = foldAll(events).story;
  expect(new Set(expected.map(({ code }) => code)).size).toBeGreaterThan(8);
  const property = fc.property(fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 40 }), (lateBy) => {
    const places = events.map((event, at) => ({ event, at: at + (lateBy[at % lateBy.length] ?? 0) }));
    const { live } = liveFold();
    for (const { event } of places.toSorted((a, b) => a.at - b.at)) tell(live, [event]);
    expect(live.isExact).toBe(true);
    expect(live.view.story).toEqual(expected);
  });
  checkProperty('test/recording/live-fold.test.ts', property, 5);
});

test('live view: event older than the kept ones → inexact; after the rebase → exact', () => {
  const { live } = liveFold();
  const told = Array.from({ length: 5_000 }, (_, at) => eventAt(at * 10, at + 1));
  const old = eventAt(15, 6_000);
  const after = Array.from({ length: 300 }, (_, at) => eventAt(60_000 + at * 10, 7_000 + at));
  tell(live, told);
  tell(live, [old]);
  expect(live.isExact).toBe(false);
  expect(live.view.counts.events).toBe(5_001);
  const mark = live.mark();
  if (mark === null) throw new Error('nothing was told');
  tell(live, after);
  const upToMark = foldAll(sorted([...told, old]));
  expect(live.rebase(mark, upToMark)).toBe(true);
  expect(live.isExact).toBe(true);
  expect(live.view).toEqual(foldAll(sorted([...told, old, ...after])));
});

test('rebase: too many events after the mark, or another very late one → refused', () => {
  const { live } = liveFold();
  tell(
    live,
    Array.from({ length: 3_000 }, (_, at) => eventAt(at * 10, at + 1)),
  );
  tell(live, [eventAt(5, 4_000)]);
  const mark = live.mark();
  if (mark === null) throw new Error('nothing was told');
  tell(live, [eventAt(6, 4_001)]);
  const before = live.view;
  expect(live.rebase(mark, emptyView)).toBe(false);
  const second = live.mark();
  if (second === null) throw new Error('nothing was told');
  tell(
    live,
    Array.from({ length: 4_000 }, (_, at) => eventAt(50_000 + at * 10, 5_000 + at)),
  );
  expect(live.rebase(second, emptyView)).toBe(false);
  expect(live.isExact).toBe(false);
  expect(live.view.counts.events).toBe(before.counts.events + 4_000);
});

test('rebase: counted message later than the last folded event → no mark until it is older', () => {
  const { live } = liveFold();
  const about = {
    id: 'm',
    link: 'S1>S2',
    kind: 'request',
    rpc: 'AppendEntries',
    term: 1,
    dueUs: 0,
    bytes: 90,
  } as const;
  const message = { seq: 2, timeUs: 20, source: 'network', nseq: 1, life: 1, event: 'MessageSent', ...about } as const;
  const [before, after] = [eventAt(10, 1), eventAt(30, 3)];
  tell(live, [before]);
  live.count([message]);
  // A view up to the event before the message would not count it.
  expect(live.mark()).toBeNull();
  tell(live, [after]);
  expect(live.view.counts).toMatchObject({ events: 3, messages: 1 });
  const mark = live.mark();
  expect(mark?.key).toMatchObject({ seq: 3 });
  expect(mark !== null && live.rebase(mark, foldAll([before, message, after]))).toBe(true);
  expect(live.view).toEqual(foldAll([before, message, after]));
});
