/** The run's clock: microseconds since the run began, on the one monotonic clock all processes of the machine share. */

/** Now, in whole microseconds since the run began; never negative. */
export type Clock = () => number;

/** @param originNs  `process.hrtime.bigint()` at which the run's time was 0, as a decimal string */
export function runClock(originNs: string): Clock {
  // performance.now() counts on the same clock and makes no bigint, which matters for every message and event.
  const sinceRunBegan = process.hrtime.bigint() - BigInt(originNs);
  const offsetUs = Number(sinceRunBegan / 1000n) - performance.now() * 1000;
  return () => Math.max(0, Math.floor(offsetUs + performance.now() * 1000));
}
