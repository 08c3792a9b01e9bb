/**
 * Ticks are multiples of the tick length since the server's start. A late tick does not delay later ones, and missed
 * multiples are counted.
 */
import { expect, test } from 'vitest';
import { createTicks, createWatch, type Timer } from '../../src/program/ticks.ts';

/** A clock that the test moves, with one timer that can fire late. */
function fakeTimer() {
  let now = 1_000.25;
  let due: { at: number; act: () => void } | null = null;
  const timer: Timer = {
    now: () => now,
    after: (ms, act) => {
      const mine = { at: now + ms, act };
      due = mine;
      return () => {
        if (due === mine) due = null;
      };
    },
  };
  return {
    timer,
    /** Fires the timer, late by the given number of milliseconds. */
    fire(lateMs = 0): void {
      const { at, act } = due ?? { at: now, act: () => undefined };
      due = null;
      now = at + lateMs;
      act();
    },
    sinceStart: () => now - 1_000.25,
    isWaiting: () => due !== null,
    move(ms: number): void {
      now += ms;
    },
  };
}

function ticking(tickMs: number) {
  const clock = fakeTimer();
  const at: number[] = [];
  const late: [number, number][] = [];
  const ticks = createTicks({
    ...{ tickMs, timer: clock.timer, electionTicks: 15 },
    onTick: () => at.push(clock.sinceStart()),
    onLate: (lateMs, missed) => late.push([lateMs, missed]),
  });
  return { clock, ticks, at, late };
}

test('ticks: every tick is late → lateness does not add up', () => {
  const { clock, ticks, at } = ticking(10);
  ticks.start();
  for (const late of [3, 3, 3, 3, 0, 0]) clock.fire(late);
  expect(at).toEqual([13, 23, 33, 43, 50, 60]);
  expect(ticks.counts()).toEqual({ ticks: 6, missedTicks: 0, tickLagMs: 3 });
  expect(ticks.counts().tickLagMs).toBe(0);
});

test('ticks: late by T/2 or more at any pace → reported; less → not reported', () => {
  const { clock, ticks, late } = ticking(10);
  ticks.start();
  clock.fire(74);
  clock.fire(75);
  ticks.setTickMs(100);
  clock.fire(300);
  clock.fire(751);
  expect(late).toEqual([
    [75, 7],
    [751, 7],
  ]);
});

test('ticks: before start → none; after it → first tick at the next multiple since creation', () => {
  const { clock, ticks, at } = ticking(10);
  expect(clock.isWaiting()).toBe(false);
  clock.move(1_234);
  ticks.start();
  clock.fire();
  expect(at).toEqual([1_240]);
});

test('ticks: after a freeze → one tick; missed ones are counted, not replayed', () => {
  const { clock, ticks, at } = ticking(10);
  ticks.start();
  clock.fire();
  clock.fire(5_000);
  clock.fire();
  expect(at).toEqual([10, 5_020, 5_030]);
  expect(ticks.counts()).toMatchObject({ ticks: 3, missedTicks: 500 });
});

test('ticks: new pace → next tick at the next multiple of the new length', () => {
  const { clock, ticks, at } = ticking(300);
  ticks.start();
  clock.fire();
  clock.move(4);
  ticks.setTickMs(10);
  clock.fire();
  clock.fire();
  ticks.setTickMs(100);
  clock.fire();
  expect(at).toEqual([300, 310, 320, 400]);
  expect(ticks.counts().missedTicks).toBe(0);
});

test('ticks: pace set before start, or stopped → no timer', () => {
  const { clock, ticks } = ticking(10);
  ticks.setTickMs(100);
  expect(clock.isWaiting()).toBe(false);
  ticks.start();
  ticks.stop();
  expect(clock.isWaiting()).toBe(false);
});

test('ticks: timer fires a fraction of a millisecond early → no extra tick', () => {
  const { clock, ticks, at } = ticking(10);
  ticks.start();
  clock.fire(-0.4);
  expect(at).toEqual([]);
  clock.fire();
  expect(at.length).toBe(1);
  expect(ticks.counts()).toMatchObject({ ticks: 1, missedTicks: 0 });
});

test('watch: four checks per election timeout, late by half of it → reported at any pace', () => {
  const clock = fakeTimer();
  const late: number[] = [];
  const watch = createWatch({ tickMs: 10, electionTicks: 16, onLate: (ms) => late.push(ms), timer: clock.timer });
  watch.start();
  clock.fire();
  expect(Math.round(clock.sinceStart())).toBe(40);
  clock.fire(79);
  expect(late).toEqual([]);
  clock.fire(81);
  expect(late).toHaveLength(1);
  watch.setTiming({ tickMs: 100 });
  clock.fire(700);
  expect(late).toHaveLength(1);
  clock.fire(900);
  expect(late).toHaveLength(2);
  watch.setTiming({ electionTicks: 32 });
  clock.fire(1_500);
  expect(late).toHaveLength(2);
  clock.fire(1_700);
  expect(late).toHaveLength(3);
  watch.stop();
  expect(clock.isWaiting()).toBe(false);
});
