/**
 * Each sleep of the computer is noted once, from the system's messages or from the clocks. Nothing else counts as
 * sleep.
 */
import { expect, test } from 'vitest';
import { type SleepClocks, SleepWatch, systemClocks } from '../../src/cluster/sleep-watch.ts';
import type { LabEvent } from '../../src/core/trace/index.ts';

const MINUTE_MS = 60_000;

/**
 * A machine whose clocks the test moves. `hasBootClock`: the monotonic clock does not count sleep and another one does,
 * as on Linux.
 */
function machine(hasBootClock: boolean) {
  const notes: LabEvent[] = [];
  const at = { monotonic: 5_000, boot: 105_000, day: 1_800_000_000_000 };
  /** Runs once, between the watch's readings of two clocks. */
  let between = (): void => undefined;
  const clocks: SleepClocks = {
    now: () => at.monotonic,
    timeOfDay: () => at.day,
    sinceBoot: () => {
      between();
      between = () => undefined;
      return hasBootClock ? at.boot : null;
    },
  };
  const watch = new SleepWatch(
    clocks,
    () => at.monotonic * 1_000,
    (event) => void notes.push(event),
  );
  const awake = (ms: number): void => {
    for (const clock of ['monotonic', 'boot', 'day'] as const) at[clock] += ms;
  };
  watch.look();
  return {
    notes,
    watch,
    awake,
    /** Calls `look` every 75 ms, as the lab does. */
    run(looks: number): void {
      for (let look = 0; look < looks; look += 1) {
        awake(75);
        watch.look();
      }
    },
    sleep(ms: number): void {
      at.boot += ms;
      at.day += ms;
      if (!hasBootClock) at.monotonic += ms;
    },
    setTimeOfDay(ms: number): void {
      at.day += ms;
    },
    stopBetweenReadings(ms: number): void {
      between = () => awake(ms);
    },
  };
}

test('sleep: not announced, on Linux → noticed at the next look, with its length', () => {
  const linux = machine(true);
  linux.run(3);
  linux.sleep(14 * MINUTE_MS);
  linux.run(3);
  expect(linux.notes).toEqual([{ event: 'ComputerResumed', sleptMs: 14 * MINUTE_MS, sinceUs: 5_225_000 }]);
});

test.each([true, false])(
  'sleep: announced and over (boot clock: %s) → one mark for its begin, one for its end',
  (hasBootClock) => {
    const computer = machine(hasBootClock);
    computer.run(2);
    computer.watch.suspended();
    computer.watch.suspended();
    computer.sleep(14 * MINUTE_MS);
    computer.watch.resumed();
    computer.run(2);
    computer.watch.resumed();
    const woke = { event: 'ComputerResumed', sleptMs: 14 * MINUTE_MS, sinceUs: 5_150_000 };
    expect(computer.notes).toEqual([{ event: 'ComputerSuspended' }, woke]);
  },
);

test('sleep: noticed by the clocks before the system announces its end → one mark', () => {
  const linux = machine(true);
  linux.watch.suspended();
  linux.sleep(MINUTE_MS);
  linux.run(1);
  linux.watch.resumed();
  expect(linux.notes.map(({ event }) => event)).toEqual(['ComputerSuspended', 'ComputerResumed']);
});

test('sleep: twice → two marks', () => {
  const linux = machine(true);
  for (let i = 0; i < 2; i += 1) {
    linux.sleep(MINUTE_MS);
    linux.run(2);
  }
  expect(linux.notes.map((note) => 'sleptMs' in note && note.sleptMs)).toEqual([MINUTE_MS, MINUTE_MS]);
});

test('sleep: time of day set, or this process stopped → no mark', () => {
  for (const computer of [machine(true), machine(false)]) {
    computer.setTimeOfDay(60 * MINUTE_MS);
    computer.run(1);
    computer.setTimeOfDay(-120 * MINUTE_MS);
    computer.awake(10 * MINUTE_MS);
    computer.run(1);
    computer.stopBetweenReadings(10 * MINUTE_MS);
    computer.run(2);
    computer.watch.resumed();
    expect(computer.notes).toEqual([]);
  }
});

test('sleep: announced, and the clock set back meanwhile → no negative length', () => {
  const mac = machine(false);
  mac.watch.suspended();
  mac.setTimeOfDay(-MINUTE_MS);
  mac.watch.resumed();
  expect(mac.notes.at(-1)).toMatchObject({ event: 'ComputerResumed', sleptMs: 0 });
});

test('sleep: the machine stays awake → no mark', () => {
  const notes: LabEvent[] = [];
  const watch = new SleepWatch(
    systemClocks,
    () => 0,
    (event) => void notes.push(event),
  );
  for (let look = 0; look < 1_000; look += 1) watch.look();
  expect(notes).toEqual([]);
  expect(systemClocks.sinceBoot() === null).toBe(process.platform !== 'linux');
});
