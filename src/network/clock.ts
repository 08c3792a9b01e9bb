/** The run's clock: microseconds since the run began, on the one monotonic clock all processes of the machine share. */

/** Now, in whole microseconds since the run began; never negative. */
export type Clock = () => number;

/**
 * @param originNs  `process.hrtime.bigint()` at which the run's time was 0, as a decimal string (may be negative
 *   when a continued run is older than the machine's last start)
 */
export function createClock(originNs: string): Clock {
  // performance.now() reads the same clock as hrtime but makes no bigint: it is called for every message.
  const offsetUs = Number((process.hrtime.bigint() - BigInt(originNs)) / 1000n) - performance.now() * 1000;
  return () => Math.max(0, Math.floor(offsetUs + performance.now() * 1000));
}
