/** The search over events: it searches the texts of the lines page by page, and reports how far it reached. */
import { describe, expect, test } from 'vitest';
import type { EventQuery } from '../../src/core/lab-api/index.ts';
import type { TraceEvent } from '../../src/core/trace/index.ts';
import { eventLine } from '../../src/renderer/events/event-text.ts';
import { type AskEvents, findEvents, findMore, type Search } from '../../src/renderer/events/find-events.ts';
import { createTranslations, type Language } from '../../src/renderer/texts/translations.ts';

const DENIED = { term: 2, candidate: 'S5', preVote: false, reason: 'E3-log-behind' } as const;

/** `count` events, a millisecond apart. Every `each`-th is a denied vote; the others are elections. */
function trace(count: number, each: number, from = 0): readonly TraceEvent[] {
  return Array.from({ length: count }, (_, step): TraceEvent => {
    const seq = from + step + 1;
    const base = { seq, timeUs: seq * 1_000, source: 'S1', nseq: seq, life: 1 };
    if (seq % each === 0) return { ...base, event: 'VoteDenied', ...DENIED };
    return { ...base, event: 'LeaderElected', term: 2, voters: ['S1'], lastIndex: 0, chain: '' };
  });
}

/** Answers like the lab: newest first, at most a thousand, between two times. */
function labWith(events: readonly TraceEvent[]) {
  const asked: EventQuery[] = [];
  const ask: AskEvents = (query) => {
    asked.push(query);
    const { fromUs = 0, toUs = Number.POSITIVE_INFINITY, limit = 200 } = query;
    const fitting = events.filter(({ timeUs }) => timeUs >= fromUs && timeUs <= toUs).toReversed();
    const page = { events: fitting.slice(0, limit), leftOut: Math.max(0, fitting.length - limit) };
    return Promise.resolve({ ok: true, value: page });
  };
  return { ask, asked };
}

function wanting(text: string, language: Language = 'en'): Search {
  const { t } = createTranslations(language);
  return { query: {}, scope: {}, isWanted: (event) => eventLine(t, event).toLowerCase().includes(text) };
}

async function found(events: readonly TraceEvent[], search: Search) {
  const result = await findEvents(labWith(events).ask, search);
  return result.ok ? result.value : expect.fail(result.error.message);
}

describe('texts', () => {
  test.each([
    ['its log is behind', 'en'],
    ['s1 denies s5', 'en'],
    ['0:00.00 s1 denies', 'en'],
    ['日志落后', 'zh-CN'],
  ] as const)('search for %s in %s → finds the line with it', async (text, language) => {
    const { events } = await found(trace(5, 3), wanting(text, language));
    expect(events.map(({ event }) => event)).toEqual(['VoteDenied']);
  });

  test('search: text of the JSON line only → not found', async () => {
    expect((await found(trace(5, 3), wanting('e3-log-behind'))).events).toEqual([]);
  });
});

describe('pages', () => {
  test('search: match thousands of events back → found, all searched', async () => {
    const { events, searchedToUs } = await found(trace(5_000, 3), wanting('0:00.00 s1 denies'));
    expect(events.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual([3, 6, 9]);
    expect(searchedToUs).toBeNull();
  });

  test('search: no match in ten thousand events → ends and reports how far it reached', async () => {
    const { events, searchedToUs } = await found(trace(30_000, 1_000_000), wanting('denies'));
    expect(events).toEqual([]);
    expect(searchedToUs).toBeGreaterThan(19_000_000);
    expect(searchedToUs).toBeLessThan(21_000_000);
  });

  test('search: too many matches → the newest five hundred, and the time of the first', async () => {
    const { events, searchedToUs } = await found(trace(4_000, 2), wanting('denies'));
    expect(events).toHaveLength(500);
    expect(searchedToUs).toBeLessThanOrEqual(Math.min(...events.map(({ timeUs }) => timeUs)));
    expect(searchedToUs).toBeGreaterThan(2_000_000);
  });

  test('search: thousands of events at one time → ends', async () => {
    const crowd = trace(3_000, 7).map((event) => ({ ...event, timeUs: 5_000 }));
    expect((await found(crowd, wanting('nowhere'))).events).toEqual([]);
  });
});

test('search: new events have come → only these are requested, and joined', async () => {
  const search = wanting('denies');
  const before = await found(trace(2_000, 500), search);
  const { ask, asked } = labWith(trace(2_600, 500));
  const more = await findMore(ask, search, before);
  if (!more.ok) expect.fail(more.error.message);
  expect(more.value.events.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual([500, 1_000, 1_500, 2_000, 2_500]);
  // One request counts all events; the others search.
  const searches = asked.filter(({ limit }) => limit !== 1);
  expect(searches.map(({ fromUs }) => fromUs)).toEqual(searches.map(() => 1_000_000));
  expect(more.value.total).toBe(2_600);
  expect(asked.length).toBeLessThan(6);
});
