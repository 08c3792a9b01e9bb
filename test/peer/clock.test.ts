/** The clocks of the programs are the machine's own, to the microsecond: times of two processes can be compared. */
import { expect, test } from 'vitest';
import { createClock } from '../../src/network/clock.ts';
import { runClock } from '../../src/peer/clock.ts';

test.each([
  ['a server’s', runClock],
  ['the network’s', createClock],
])('%s clock lies between two readings of the machine’s, whenever it was made', (_whose, make) => {
  const origin = process.hrtime.bigint() - 5_000_000_123n;
  for (let made = 0; made < 2_000; made += 1) {
    const clock = make(String(origin));
    const before = Number((process.hrtime.bigint() - origin) / 1_000n);
    const now = clock();
    const after = Number((process.hrtime.bigint() - origin) / 1_000n);
    // Whole microseconds are cut off at both ends.
    expect(now).toBeGreaterThanOrEqual(before - 1);
    expect(now).toBeLessThanOrEqual(after + 1);
  }
});

test('clock: before the run’s start → 0; run older than the machine’s start → continues', () => {
  expect(runClock(String(process.hrtime.bigint() + 60_000_000_000n))()).toBe(0);
  const old = createClock('-3600000000000')();
  expect(old).toBeGreaterThan(3_600_000_000);
});
