/**
 * Doors stay in step: a new door gets the view that the next patch fits, pages are bounded, and omitted events are
 * counted.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { settingsFor } from '../../src/cluster/run-settings.ts';
import type { LabLag, LabMode, LabPush } from '../../src/core/lab-api/index.ts';
import { applyPatch, type ClusterView, emptyView, type TraceEvent } from '../../src/core/trace/index.ts';
import { createPushHub, type PushClock, type PushHub, pageOf } from '../../src/lab/doors/push-hub.ts';

const live: LabMode = { mode: 'live', runId: 'r', settings: settingsFor({}, 1) };
let hub: PushHub;

beforeEach(() => {
  vi.useFakeTimers();
  hub = createPushHub();
});
afterEach(() => {
  hub.close();
  vi.useRealTimers();
});

function clockAt(us: number, lag: Partial<LabLag> = {}): PushClock {
  return { nowUs: () => us, lag: () => ({ pictureUs: 0, judgesUs: 0, judgesEvents: 0, ...lag }) };
}

function viewAt(timeUs: number): ClusterView {
  return { ...emptyView, timeUs, seq: timeUs };
}

function event(seq: number, name = 'RunEnded'): TraceEvent {
  return { seq, timeUs: seq, source: 'lab', nseq: seq, life: 1, event: name, reason: 'closed' } as TraceEvent;
}

/** Joins a door that keeps its own view, as the dashboard does. */
function door(): { readonly pushes: LabPush[]; view(): ClusterView; readonly leave: () => void } {
  const pushes: LabPush[] = [];
  let view = emptyView;
  const leave = hub.listen((push) => {
    pushes.push(push);
    if (push.type === 'mode') view = push.view;
    if (push.type === 'view') view = applyPatch(view, push.patch);
  });
  return { pushes, view: () => view, leave };
}

describe('doors', () => {
  test('door: joins → mode at once, then view and events', () => {
    hub.open(live, viewAt(1), clockAt(99));
    const { pushes, view } = door();
    expect(pushes).toEqual([{ type: 'mode', mode: live, view: viewAt(1) }]);
    hub.released([event(2)], viewAt(2));
    vi.advanceTimersByTime(40);
    expect(pushes.slice(1).map((push) => push.type)).toEqual(['events', 'view']);
    expect(pushes[2]).toMatchObject({ type: 'view', nowUs: 99 });
    expect(view()).toEqual(viewAt(2));
  });

  test.each([
    [{ judgesUs: 999_999, judgesEvents: 40_000 }, false],
    [{ judgesUs: 1_000_000, judgesEvents: 40_000 }, true],
    [{ pictureUs: 3_000_000 }, true],
  ])('view: behind by %o → lag reported: %s', (lag, isTold) => {
    hub.open(live, viewAt(1), clockAt(99, lag));
    const { pushes } = door();
    hub.released([event(2)], viewAt(2));
    vi.advanceTimersByTime(40);
    const pushed = pushes.find((push) => push.type === 'view');
    const whole = { pictureUs: 0, judgesUs: 0, judgesEvents: 0, ...lag };
    expect(pushed?.type === 'view' && pushed.lag).toEqual(isTold ? whole : undefined);
  });

  test('events: messages that the view left out → counted in the page', () => {
    hub.open(live, viewAt(1), clockAt(99));
    const { pushes } = door();
    hub.released([event(2)], viewAt(2), 7_000);
    hub.released([], viewAt(3), 1);
    vi.advanceTimersByTime(40);
    expect(pushes.find((push) => push.type === 'events')).toMatchObject({ page: { leftOut: 7_001 } });
  });

  test('door: joins between two pushes → ends with the same view as the others', () => {
    hub.open(live, viewAt(0), clockAt(0));
    const early = door();
    hub.released([event(1)], viewAt(1));
    vi.advanceTimersByTime(40);
    hub.released([event(2)], viewAt(2));
    const late = door();
    hub.released([event(3)], viewAt(3));
    vi.advanceTimersByTime(40);
    expect(late.view()).toEqual(viewAt(3));
    expect(early.view()).toEqual(viewAt(3));
  });

  test('door: many changes → 30 pushes a second at most; no change → the clock once a second', () => {
    hub.open(live, emptyView, clockAt(0));
    const { pushes } = door();
    for (let at = 1; at <= 1_000; at += 1) {
      hub.released([event(at)], viewAt(at));
      vi.advanceTimersByTime(1);
    }
    const views = pushes.filter((push) => push.type === 'view').length;
    expect(views).toBeGreaterThan(20);
    expect(views).toBeLessThanOrEqual(30);
    vi.advanceTimersByTime(40);
    const before = pushes.length;
    vi.advanceTimersByTime(5_000);
    const quiet = pushes.slice(before);
    expect(quiet).toHaveLength(5);
    expect(quiet.every((push) => push.type === 'view' && Object.keys(push.patch.top).length === 0)).toBe(true);
  });

  test('door: its listener throws → dropped, others continue; leaves → gets no more pushes', () => {
    hub.open(live, emptyView, clockAt(0));
    hub.listen(() => {
      throw new Error('gone');
    });
    const { pushes, leave } = door();
    hub.released([event(1)], viewAt(1));
    vi.advanceTimersByTime(40);
    expect(pushes).toHaveLength(3);
    leave();
    hub.released([event(2)], viewAt(2));
    vi.advanceTimersByTime(40);
    expect(pushes).toHaveLength(3);
  });

  test('door: another run is opened → no push of the closed run', () => {
    hub.open(live, emptyView, clockAt(0));
    const { pushes } = door();
    hub.released([event(1)], viewAt(1));
    hub.open({ mode: 'idle' }, emptyView, clockAt(0));
    hub.released([event(2)], viewAt(2));
    vi.advanceTimersByTime(5_000);
    expect(pushes.map((push) => push.type)).toEqual(['mode', 'mode']);
  });
});

describe('a page', () => {
  test('page: up to 500 events → holds all of them', () => {
    const events = Array.from({ length: 500 }, (_, at) => event(at + 1, 'MessageSent'));
    expect(pageOf(events, 3)).toEqual({ events, leftOut: 3 });
  });

  test('page: more than 500 events → the oldest messages are left out and counted, in order', () => {
    const events = Array.from({ length: 700 }, (_, at) => event(at + 1, at < 50 ? 'RunEnded' : 'MessageSent'));
    const page = pageOf(events, 0);
    expect(page.leftOut).toBe(200);
    expect(page.events.map(({ seq }) => seq)).toEqual([
      ...Array.from({ length: 50 }, (_, at) => at + 1),
      ...Array.from({ length: 450 }, (_, at) => at + 251),
    ]);
    const telling = Array.from({ length: 600 }, (_, at) => event(at + 1));
    expect(pageOf([...telling, event(601, 'MessageSent')], 1)).toEqual({ events: telling.slice(-500), leftOut: 102 });
  });
});
