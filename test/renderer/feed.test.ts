/** The feed from pushes to the screen: publishing, the paused view, a page opened later, another run. */
import { describe, expect, test } from 'vitest';
import type { LabPush } from '../../src/core/lab-api/index.ts';
import { createDashboardStore } from '../../src/renderer/store/dashboard-store.ts';
import { Feed } from '../../src/renderer/store/feed.ts';
import { createFlights } from '../../src/renderer/store/flights.ts';
import { createLabClock } from '../../src/renderer/store/lab-clock.ts';
import { createOneThreadLab, type OneThreadLab } from './one-thread-lab.ts';

async function setUp(running?: OneThreadLab) {
  const lab = running ?? createOneThreadLab();
  if (running === undefined) await lab.door.ask('createRun', {});
  const store = createDashboardStore();
  const timers: (() => void)[] = [];
  const clock = createLabClock(() => 0);
  const flights = createFlights();
  const later = (run: () => void) => {
    timers.push(run);
    return () => void timers.splice(timers.indexOf(run), 1);
  };
  const feed = new Feed({ door: lab.door, store, clock, flights, later });
  return { lab, store, timers, feed, flights, clock };
}

describe('publishing', () => {
  test('feed: role changed → published at once; counters → published at the next turn', async () => {
    const { lab, store, timers, feed } = await setUp();
    lab.advanceUntil((view) => view.leader !== null);
    expect(store.getState().view?.leader).toEqual(lab.view().leader);
    lab.advance(1000);
    for (const run of timers.splice(0)) run();
    const shown = store.getState().view;
    lab.advance(40);
    expect(feed.live()?.counts.events).toBeGreaterThan(0);
    expect(store.getState().view).toBe(shown);
    for (const run of timers.splice(0)) run();
    expect(store.getState().view).toBe(feed.live());
  });

  test('feed: many patches → same view as the lab’s', async () => {
    const { lab, timers, feed } = await setUp();
    for (let turn = 0; turn < 300; turn += 1) lab.advance(33);
    for (const run of timers.splice(0)) run();
    // A patch leaves out what only the fold needs.
    const remembered = feed.live()?.remembered;
    expect(feed.live()).toEqual(JSON.parse(JSON.stringify({ ...lab.view(), remembered })));
  });
});

describe('a paused view', () => {
  test('paused view: events come → counted; continued → the newest view', async () => {
    const { lab, store, feed, flights, clock } = await setUp();
    lab.advanceUntil((view) => view.leader !== null);
    feed.setPaused(true);
    const { view } = store.getState();
    await lab.door.ask('kill', { servers: ['S1'], signal: 'SIGKILL' });
    lab.advance(2000);
    expect(store.getState().view).toBe(view);
    expect(store.getState().waiting).toBeGreaterThan(20);
    expect(flights.list(clock.nowUs())).toEqual([]);
    feed.setPaused(false);
    expect(store.getState().view?.servers.S1?.status).toBe('down');
    expect(store.getState().waiting).toBe(0);
    expect(store.getState().recent.some((event) => event.event === 'ServerExited')).toBe(true);
  });
});

describe('a page opened later', () => {
  test('page opened later: cluster idle for 40 s → the last notable events', async () => {
    const lab = createOneThreadLab();
    await lab.door.ask('createRun', {});
    lab.advance(40_000);
    const { store } = await setUp(lab);
    await new Promise((resolve) => setImmediate(resolve));
    const { recent, view } = store.getState();
    expect(view?.counts.events).toBeGreaterThan(1_000);
    expect(recent.map(({ event }) => event)).toContain('LeaderElected');
  });

  test('recording: idle moment → the last notable events before it', async () => {
    const { lab, store, feed } = await setUp();
    lab.advance(60_000);
    await lab.door.ask('openRun', { runId: 'other' });
    const view = await lab.door.ask('viewAt', { timeUs: 41_000_000 });
    if (!view.ok) expect.fail(view.error.message);
    feed.showPast(view.value, 41_000_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(store.getState().recent.map(({ event }) => event)).toContain('LeaderElected');
  });
});

describe('another run', () => {
  test('another run: opened → selection, group and events are cleared', async () => {
    const { lab, store } = await setUp();
    lab.advance(3000);
    store.setState({ selection: { kind: 'server', server: 'S1' }, group: ['S2'] });
    await lab.door.ask('closeRun', {});
    expect(store.getState()).toMatchObject({
      mode: { mode: 'idle' },
      selection: { kind: 'none' },
      group: [],
      recent: [],
    });
  });

  test('reconnection: same run → selection kept', async () => {
    const { lab, store } = await setUp();
    const pushes: LabPush[] = [];
    lab.door.listen(
      (push) => pushes.push(push),
      () => undefined,
    );
    store.setState({ selection: { kind: 'server', server: 'S1' } });
    await lab.door.ask('openRun', { runId: 'other' });
    expect(store.getState().selection).toEqual({ kind: 'none' });
    store.setState({ selection: { kind: 'server', server: 'S2' } });
    await lab.door.ask('openRun', { runId: 'other' });
    expect(store.getState().selection).toEqual({ kind: 'server', server: 'S2' });
  });
});

test('late events: arrive → sorted by time, shown once', async () => {
  const { lab, store } = await setUp();
  lab.advance(4000);
  const { recent } = store.getState();
  expect(recent.map((event) => event.timeUs)).toEqual(recent.map((event) => event.timeUs).toSorted((a, b) => a - b));
  expect(new Set(recent.map((event) => event.seq)).size).toBe(recent.length);
});
