/** The teller of the story: when it writes into the store, and when it wakes up. */
import { expect, test } from 'vitest';
import type { LabMode } from '../../src/core/lab-api/index.ts';
import { emptyView, type StoryItem } from '../../src/core/trace/index.ts';
import { createDashboardStore } from '../../src/renderer/store/dashboard-store.ts';
import { createTeller } from '../../src/renderer/story/teller.ts';
import { storyItem } from './story-items.ts';

/** A teller on a clock of the test's own. */
function setUp() {
  const store = createDashboardStore();
  let nowMs = 0;
  let wake: { readonly run: () => void; readonly atMs: number } | null = null;
  const later = (run: () => void, ms: number) => {
    const mine = { run, atMs: nowMs + ms };
    wake = mine;
    return () => {
      if (wake === mine) wake = null;
    };
  };
  const teller = createTeller({ store, nowMs: () => nowMs, later, textOf: () => 'A short sentence.' });
  let writes = 0;
  store.subscribe((state, before) => {
    if (state.told !== before.told) writes += 1;
  });
  return {
    store,
    teller,
    show: (story: readonly StoryItem[]) => store.setState({ view: { ...emptyView, story } }),
    told: () => store.getState().told.lines.map(({ item }) => item.id),
    writes: () => writes,
    wakesAt: () => wake?.atMs ?? null,
    /** Lets the time pass and wakes the teller as often as it has asked for. */
    pass(ms: number): void {
      const endMs = nowMs + ms;
      while (wake !== null && wake.atMs <= endMs) {
        const { run, atMs } = wake;
        nowMs = atMs;
        wake = null;
        run();
      }
      nowMs = endMs;
    },
  };
}

const LIVE = { mode: 'live', runId: 'r', settings: {} } as LabMode;

test('teller: no view yet → a change of the store writes nothing', () => {
  const { store, writes, told } = setUp();
  store.setState({ connection: 'open' });
  expect(writes()).toBe(0);
  expect(told()).toEqual([]);
});

test('teller: items of a live run → one after another; wakes up only while one waits', () => {
  const page = setUp();
  page.store.setState({ mode: LIVE });
  page.show([storyItem(1), storyItem(2, { code: 'joined', params: {} })]);
  expect(page.told()).toEqual([1]);
  page.pass(2499);
  expect(page.told()).toEqual([1]);
  expect(page.store.getState().told.behindSeconds).toBe(2);
  page.pass(1);
  expect(page.told()).toEqual([2, 1]);
  expect(page.wakesAt()).toBeNull();
});

test('teller: view with an unchanged story → writes nothing', () => {
  const page = setUp();
  page.store.setState({ mode: LIVE });
  const story = [storyItem(1)];
  page.show(story);
  const before = page.writes();
  for (let views = 0; views < 100; views += 1) page.show(story);
  expect(page.writes()).toBe(before);
});

test('teller: closed → no timer is left, the store is no longer read', () => {
  const page = setUp();
  page.store.setState({ mode: LIVE });
  page.show([storyItem(1), storyItem(2)]);
  page.teller.close();
  expect(page.wakesAt()).toBeNull();
  page.show([storyItem(1), storyItem(2), storyItem(3)]);
  expect(page.told()).toEqual([1]);
});
