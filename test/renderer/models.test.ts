/** Pure computations of the dashboard: clock, ring, stores, filter, formats, texts of events. */
import { describe, expect, test } from 'vitest';
import type { StoryItem, TraceEvent } from '../../src/core/trace/index.ts';
import { parseFilter } from '../../src/renderer/events/event-query.ts';
import { eventText } from '../../src/renderer/events/event-text.ts';
import { compareStores } from '../../src/renderer/servers/store-tab.tsx';
import { layOutRing, linkEnds, pairsOf, wallPath } from '../../src/renderer/stage/ring-geometry.ts';
import { createLabClock, timerLeft } from '../../src/renderer/store/lab-clock.ts';
import { formatBytes, formatClock, formatServers } from '../../src/renderer/texts/format.ts';
import { commandText, storyText } from '../../src/renderer/texts/reasons.ts';
import { createTranslations } from '../../src/renderer/texts/translations.ts';
import { createOneThreadLab } from './one-thread-lab.ts';

describe('the clock', () => {
  test('clock: pushes → runs on in between; small difference → smoothed; large → taken at once', () => {
    let localMs = 1000;
    const clock = createLabClock(() => localMs);
    clock.tell(5_000_000);
    localMs += 100;
    expect(clock.nowUs()).toBe(5_100_000);
    clock.tell(5_080_000);
    expect(clock.nowUs()).toBe(5_100_000);
    localMs += 100;
    expect(clock.nowUs()).toBeCloseTo(5_198_000);
    clock.tell(9_000_000);
    expect(clock.nowUs()).toBe(9_000_000);
    clock.stop();
    localMs += 500;
    expect(clock.nowUs()).toBe(9_000_000);
    clock.standAt(70);
    expect(clock.nowUs()).toBe(70);
  });
});

describe('the ring', () => {
  const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  test.each(sizes)('ring: %i servers → inside its room, no two touch', (count) => {
    const ids = Array.from({ length: count }, (_, index) => `S${index + 1}`);
    const ring = layOutRing(ids, { width: 742, height: 540 });
    const points = Object.values(ring.servers);
    for (const { x, y } of points) {
      expect(x).toBeGreaterThan(58 * ring.scale);
      expect(x).toBeLessThan(742 - 58 * ring.scale);
      expect(y).toBeGreaterThan(58 * ring.scale);
      expect(y).toBeLessThan(540 - 58 * ring.scale);
    }
    for (const [a, b] of pairsOf(ids)) {
      const [one, other] = [ring.servers[a], ring.servers[b]];
      if (one === undefined || other === undefined) throw new Error('a server has no place');
      expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(2 * 58 * ring.scale);
    }
  });

  test('wall: neighbours → one band; others between them → a ring around each member', () => {
    const ids = ['S1', 'S2', 'S3', 'S4', 'S5'];
    const ring = layOutRing(ids, { width: 742, height: 540 });
    expect(wallPath(ring, ['S1']).match(/M/g)).toHaveLength(1);
    expect(wallPath(ring, ['S1', 'S2']).match(/M/g)).toHaveLength(1);
    const nine = layOutRing([...ids, 'S6', 'S7', 'S8', 'S9'], { width: 742, height: 540 });
    expect(wallPath(nine, ['S1', 'S3']).match(/M/g)).toHaveLength(2);
  });

  test('links: drawn → begin and end outside of the servers', () => {
    const ring = layOutRing(['S1', 'S2'], { width: 742, height: 540 });
    const [a, b] = [ring.servers.S1, ring.servers.S2];
    if (a === undefined || b === undefined) throw new Error('a server has no place');
    const { start, end } = linkEnds(ring, a, b);
    expect(Math.hypot(start.x - a.x, start.y - a.y)).toBeGreaterThan(58 * ring.scale);
    expect(Math.hypot(end.x - b.x, end.y - b.y)).toBeGreaterThan(58 * ring.scale);
  });

  test('election timer: begins → full; runs out → empty', () => {
    const timer = { startedUs: 1_000_000, timeoutTicks: 20 };
    expect([1_000_000, 2_000_000, 3_000_000, 9_000_000].map((now) => timerLeft(timer, 100, now))).toEqual([
      1, 0.5, 0, 0,
    ]);
  });
});

test('stores: all answered → compared by key; no answer → not compared', () => {
  const store = (items: Record<string, string>) => ({
    lastApplied: 3,
    total: Object.keys(items).length,
    items: Object.entries(items).map(([key, value]) => ({ key, value })),
    next: null,
  });
  const stores = { S1: store({ a: '1', b: '2' }), S2: store({ a: '1' }), S3: null };
  expect(compareStores(stores, 'S1')).toEqual([
    { key: 'a', value: '1', others: [] },
    { key: 'b', value: '2', others: [{ server: 'S2', value: null }] },
  ]);
  expect(compareStores(stores, 'S2')[1]).toEqual({ key: 'b', value: null, others: [{ server: 'S1', value: '2' }] });
  expect(compareStores(stores, 'S3')).toEqual([]);
});

test('store table: pages end at different keys → only keys that all pages reach are compared', () => {
  const page = (keys: string, next: string | null) => ({
    lastApplied: 4,
    total: 4,
    next,
    items: [...keys].map((key) => ({ key, value: '1' })),
  });
  // S2 has no key b, so its page of three keys ends one key later.
  const rows = compareStores({ S1: page('abc', 'c'), S2: page('acd', 'd') }, 'S1');
  expect(rows.map(({ key, others }) => [key, others.length])).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 0],
  ]);
});

describe('the event filter', () => {
  test('filter: text, sources and event names → parsed', () => {
    const parsed = parseFilter('source:S1,S2 event:vote stale term', false);
    if (!parsed.ok) throw new Error('refused');
    expect(parsed).toMatchObject({ text: 'stale term', query: { sources: ['S1', 'S2'] } });
    expect(parsed.query.names).toEqual(['PreVoteStarted', 'VoteGranted', 'VoteDenied', 'VoteCounted']);
  });

  test('filter: messages and timers → omitted unless named', () => {
    const names = (text: string, all: boolean) => {
      const parsed = parseFilter(text, all);
      return parsed.ok ? (parsed.query.names ?? []) : [];
    };
    expect(names('', false)).not.toContain('ElectionTimerReset');
    expect(names('', true)).toContain('MessageSent');
    expect(names('event:messagedropped', false)).toEqual(['MessageDropped']);
  });

  test('filter: terms of a server and of a term → the lab narrows, the page decides', () => {
    const parsed = parseFilter('server:s2 term:>1', false);
    if (!parsed.ok) throw new Error('refused');
    expect(parsed.query.sources).toEqual(['S2', 'lab']);
    const at = { seq: 1, timeUs: 1, nseq: 1, life: 1 };
    const fits = (event: object) => parsed.tests.every((test) => test({ ...at, ...event } as TraceEvent));
    const elected = { event: 'LeaderElected', voters: [], lastIndex: 0, chain: '' };
    expect(fits({ source: 'S2', ...elected, term: 2 })).toBe(true);
    expect(fits({ source: 'S2', ...elected, term: 1 })).toBe(false);
    expect(fits({ source: 'S3', ...elected, term: 2 })).toBe(false);
    const about = parseFilter('server:S2', false);
    const ordered = { ...at, source: 'lab', event: 'SignalOrdered', server: 'S2', signal: 'SIGKILL', pid: 4 };
    expect(about.ok && about.tests.every((test) => test(ordered as never))).toBe(true);
  });

  test('filter: words of a row that contain a colon → text', () => {
    const words = '1:02.41 commits up to 3: the leader';
    expect(parseFilter(words, false)).toMatchObject({ ok: true, text: words, tests: [] });
  });

  const invalid = ['color:red', 'event:nothing', 'source:', 'server:X1', 'term:two', 'term:=>2'];
  test.each(invalid)('filter: %s → refused, with the term named', (word) => {
    expect(parseFilter(`x ${word}`, false)).toEqual({ ok: false, word });
  });
});

test('numbers and times: formatted → constant width', () => {
  expect([0, 59_999_999, 61_050_000, 3_600_000_000].map(formatClock)).toEqual([
    '0:00.00',
    '0:59.99',
    '1:01.05',
    '60:00.00',
  ]);
  expect([0, 999, 1_000, 12_345_678].map(formatBytes)).toEqual(['0 B', '999 B', '1.0 kB', '12.3 MB']);
  expect(formatServers(['S5', 'S1'])).toBe('S1 S5');
});

describe.each(['en', 'zh-CN'] as const)('texts of a busy run (%s)', (language) => {
  test('texts: every event and sentence → no open parameter, no raw code', async () => {
    const lab = createOneThreadLab();
    const translations = createTranslations(language, (key) => {
      throw new Error(`there is no word for ${key}`);
    });
    const told = new Set<StoryItem>();
    const live = (ms: number) => {
      for (let spent = 0; spent < ms; spent += 20) {
        lab.advance(20);
        for (const item of lab.view().story) told.add(item);
      }
    };
    await lab.door.ask('createRun', { preset: 'production' });
    live(5_000);
    for (const key of ['a', 'b']) void lab.door.ask('submit', { command: { op: 'set', key, value: '1' } });
    live(2_000);
    const leader = lab.view().leader?.server ?? '';
    await lab.door.ask('kill', { servers: [leader], signal: 'SIGKILL' });
    live(5_000);
    await lab.door.ask('restart', { servers: [leader] });
    live(4_000);
    const next = lab.view().leader?.server ?? '';
    await lab.door.ask('cutOff', { servers: [next, leader] });
    await lab.door.ask('startCommand', { server: next, command: { op: 'set', key: 'y', value: '1' } });
    live(8_000);
    await lab.door.ask('heal', {});
    live(4_000);
    expect(new Set(lab.events.map((event) => event.event)).size).toBeGreaterThan(20);
    const sentences = new Set([...told].map((item) => storyText(translations.t, item)));
    const texts = [...lab.events.map((event) => eventText(translations.t, event)), ...sentences];
    expect(texts.filter((text) => /\{\{|undefined|\[object|\b[EPLR]\d+-/.test(text))).toEqual([]);
    expect(sentences.size).toBeGreaterThan(8);
  });
});

test('entry: command → as typed; anything else → JSON', () => {
  expect(commandText({ op: 'set', key: 'a b', value: '1' })).toBe('set "a b" 1');
  expect(commandText({ op: 'set', key: 'a' })).toBe('{"op":"set","key":"a"}');
  expect(commandText(7)).toBe('7');
});
