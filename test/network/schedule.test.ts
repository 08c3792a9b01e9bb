/** The one timer behind all delayed deliveries: every sleeper is woken in order, when it is due, and never before. */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSchedule } from '../../src/network/schedule.ts';
import { checkProperty } from '../helpers/property.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

const nowUs = (): number => Math.floor(performance.now() * 1000);

test('schedule: many sleepers → one timer wakes each at its time, in order, within 2 ms', () => {
  checkProperty(
    'test/network/schedule.test.ts',
    fc.property(fc.array(fc.nat(50_000), { minLength: 1, maxLength: 100 }), (delays) => {
      const schedule = createSchedule(nowUs);
      const startUs = nowUs();
      const woken: number[] = [];
      for (const delay of delays) {
        const sleeper = {
          wake(now: number) {
            expect(now).toBeGreaterThanOrEqual(startUs + delay);
            expect(now).toBeLessThanOrEqual(startUs + delay + 2000);
            woken.push(delay);
            return null;
          },
        };
        schedule.wakeAt(sleeper, startUs + delay);
      }
      expect(vi.getTimerCount()).toBe(1);
      vi.advanceTimersByTime(60);
      expect(woken).toEqual(delays.toSorted((a, b) => a - b));
      expect(vi.getTimerCount()).toBe(0);
    }),
  );
});

test('schedule: wake returns a next time → obeyed; an earlier time → replaces a later one', () => {
  const schedule = createSchedule(nowUs);
  const start = nowUs();
  const woken: number[] = [];
  const sleeper = {
    wake(now: number) {
      woken.push(Math.round((now - start) / 1000));
      return woken.length < 3 ? now + 10_000 : null;
    },
  };
  schedule.wakeAt(sleeper, start + 50_000);
  schedule.wakeAt(sleeper, start + 20_000);
  vi.advanceTimersByTime(200);
  expect(woken).toEqual([20, 30, 40]);
});

test('schedule: closed → wakes no sleeper', () => {
  const schedule = createSchedule(nowUs);
  const wake = vi.fn(() => null);
  schedule.wakeAt({ wake }, nowUs() + 1000);
  schedule.close();
  vi.advanceTimersByTime(100);
  expect([wake.mock.calls, vi.getTimerCount()]).toEqual([[], 0]);
});
