/** The run's clock follows the machine's clock to the microsecond, so that times of two processes can be compared. */
import { expect, test } from 'vitest';
import { createClock } from '../../src/program/clock.ts';

test('clock: read between two readings of the machine’s clock → a time between them', () => {
  const origin = process.hrtime.bigint() - 5_000_000_123n;
  for (let made = 0; made < 2_000; made += 1) {
    const clock = createClock(String(origin));
    const before = Number((process.hrtime.bigint() - origin) / 1_000n);
    const now = clock();
    const after = Number((process.hrtime.bigint() - origin) / 1_000n);
    // Whole microseconds are cut off at both ends.
    expect(now).toBeGreaterThanOrEqual(before - 1);
    expect(now).toBeLessThanOrEqual(after + 1);
  }
});

test('clock: before the run’s start → 0; run older than the machine’s start → positive', () => {
  expect(createClock(String(process.hrtime.bigint() + 60_000_000_000n))()).toBe(0);
  expect(createClock('-3600000000000')()).toBeGreaterThan(3_600_000_000);
});
