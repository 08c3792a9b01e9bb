/** The reading pace of the story, on a clock of the test's own. */
import { expect, test } from 'vitest';
import { CAPTIONS, type CaptionCode } from '../../src/core/catalogue/index.ts';
import type { StoryItem } from '../../src/core/trace/index.ts';
import {
  advance,
  behindMs,
  MAX_BEHIND_MS,
  nextDueMs,
  skip,
  standMsOf,
  take,
  tellAtOnce,
} from '../../src/renderer/story/reading-pace.ts';
import { randomFrom } from '../helpers/random.ts';
import { storyItem } from './story-items.ts';

const STAND_MS = 3000;
const stand = () => STAND_MS;
const idsOf = ({ told }: { readonly told: readonly { readonly item: StoryItem }[] }) => told.map(({ item }) => item.id);
/** Items of different kinds, so that none joins another. */
const KINDS = (Object.keys(CAPTIONS) as CaptionCode[]).slice(0, 8);
const item = (id: number, changes: Partial<StoryItem> = {}) =>
  storyItem(id, { code: KINDS[id % KINDS.length] ?? 'cut', ...changes });

test('standing time: short → 2.5 s; letters → 60 ms each; Chinese → 170 ms each; long → 8 s', () => {
  expect(standMsOf('S1 is up.')).toBe(2500);
  expect(standMsOf('x '.repeat(100))).toBe(6000);
  expect(standMsOf('领'.repeat(20))).toBe(3400);
  expect(standMsOf('x'.repeat(60_000))).toBe(MAX_BEHIND_MS);
});

test('open run: 40 old items → the newest four stand, nothing waits', () => {
  const telling = tellAtOnce(
    Array.from({ length: 40 }, (_, at) => item(at + 1)),
    0,
  );
  expect(idsOf(telling)).toEqual([40, 39, 38, 37]);
  expect(nextDueMs(telling, 100, stand)).toBeNull();
});

test('two items at once → the first stands for its time, then the second pushes it down', () => {
  const both = [item(1), item(2)];
  let telling = take(tellAtOnce([], 0), both, 100, stand);
  expect(idsOf(telling)).toEqual([1]);
  expect(nextDueMs(telling, 100, stand)).toBe(100 + STAND_MS);
  telling = advance(telling, 99 + STAND_MS, stand);
  expect(idsOf(telling)).toEqual([1]);
  expect(behindMs(telling, 1100)).toBe(1000);
  telling = advance(telling, 100 + STAND_MS, stand);
  expect(idsOf(telling)).toEqual([2, 1]);
  expect(behindMs(telling, 9000)).toBe(0);
});

test('item after a quiet time → stands at once', () => {
  const telling = take(tellAtOnce([item(1)], 0), [item(1), item(2)], STAND_MS, stand);
  expect(idsOf(telling)).toEqual([2, 1]);
});

test('chained sentence → waiting and older items that it contains have no line of their own', () => {
  const chain = [
    { code: 'stood', params: { term: 2 }, tells: 1 },
    { code: 'stood', params: { term: 2 }, tells: 2 },
  ];
  const chained = item(3, { chain: chain as StoryItem['chain'] });
  let telling = take(tellAtOnce([], 0), [item(1), item(2)], 0, stand);
  telling = take(telling, [item(1), item(2), chained], 10, stand);
  expect(telling.waiting.map((one) => one.item.id)).toEqual([3]);
  expect(idsOf(advance(telling, STAND_MS, stand))).toEqual([3]);
});

test('changed item → keeps its line and shows the new text', () => {
  const before = [item(1), item(2)];
  const after = [before[0]!, { ...before[1]!, params: { servers: 'S9' } }];
  const telling = take(tellAtOnce(before, 0), after, 10, stand);
  expect(idsOf(telling)).toEqual([2, 1]);
  expect(telling.told[0]?.item.params).toEqual({ servers: 'S9' });
});

test('too much to tell: items of one kind → become one that counts the others', () => {
  const same = Array.from({ length: 5 }, (_, at) => storyItem(at + 1));
  const telling = take(tellAtOnce([item(100)], 0), [item(100), ...same], 0, stand);
  expect(telling.waiting.map(({ item: { id }, alike }) => [id, alike])).toEqual([
    [4, 3],
    [5, 0],
  ]);
});

test('too much to tell: different kinds → the lowest rank is left out', () => {
  const ranks = [4, 2, 4, 3, 4] as const;
  const many = ranks.map((rank, at) => item(at + 1, { rank }));
  const telling = take(tellAtOnce([item(100)], 0), [item(100), ...many], 0, stand);
  expect(telling.waiting.map((one) => one.item.rank)).toEqual([4, 4, 4]);
});

test('too much to tell: only items of rank 4 → each of them stands for 2.5 s', () => {
  const long = () => 6000;
  const all = [1, 2, 3].map((id) => item(id));
  let telling = take(tellAtOnce([item(100)], 0), [item(100), ...all], 0, long);
  for (const [turn, id] of [1, 2, 3].entries()) {
    const dueMs = (turn + 1) * 2500;
    expect(nextDueMs(telling, dueMs - 1, long)).toBe(dueMs);
    expect(idsOf(advance(telling, dueMs - 1, long))[0]).not.toBe(id);
    telling = advance(telling, dueMs, long);
    expect(idsOf(telling)[0]).toBe(id);
  }
});

test('skip → everything that waits stands at once', () => {
  const telling = skip(take(tellAtOnce([item(1)], 0), [item(1), item(2), item(3)], 0, stand), 500);
  expect(idsOf(telling)).toEqual([3, 2, 1]);
  expect(nextDueMs(telling, 100, stand)).toBeNull();
});

test('page that slept for an hour → the newest item still gets its turn', () => {
  const telling = take(tellAtOnce([item(1)], 0), [item(1), item(2), item(3)], 0, stand);
  const awake = advance(telling, 3_600_000, stand);
  expect(idsOf(awake)).toEqual([3, 1]);
});

test('random bursts → each sentence stands for at least 2.5 s, none is over 8 s late', () => {
  const seed = Number(process.env.RAFT_LAB_TEST_SEED ?? Math.floor(Math.random() * 1e9));
  const repeat = `RAFT_LAB_TEST_SEED=${seed} npm test -- unit test/renderer/reading-pace.test.ts`;
  const random = randomFrom(seed);
  const standMs = ({ id }: StoryItem) => 2500 + ((id * 7919) % 5500);
  let story: readonly StoryItem[] = [];
  let telling = tellAtOnce(story, 0);
  const arrived = new Map<number, number>();
  const told: { readonly id: number; readonly atMs: number }[] = [];
  for (let nowMs = 0; nowMs < 600_000; nowMs += 50) {
    if (random.chance(0.05)) {
      const id = arrived.size + 1;
      arrived.set(id, nowMs);
      story = [...story, item(id, { rank: random.of([1, 2, 3, 4]) })].slice(-40);
      telling = take(telling, story, nowMs, standMs);
    } else telling = advance(telling, nowMs, standMs);
    const newest = telling.told[0]?.item.id;
    if (newest !== undefined && newest !== told.at(-1)?.id) told.push({ id: newest, atMs: nowMs });
  }
  expect(told.length, repeat).toBeGreaterThan(50);
  for (const [place, { id, atMs }] of told.entries()) {
    // The turns of this test come every 50 ms.
    expect(atMs - (arrived.get(id) ?? 0), `item ${id} is late; ${repeat}`).toBeLessThanOrEqual(MAX_BEHIND_MS + 50);
    const next = told[place + 1];
    if (next !== undefined) expect(next.atMs - atMs, `item ${id}; ${repeat}`).toBeGreaterThanOrEqual(2500);
  }
});
