/** The run's clock: microseconds since the run began, on the one monotonic clock all processes of the machine share. */

/** Returns the time in whole microseconds since the run began; never negative. */
export type Clock = () => number;

/**
 * Creates the clock of a run.
 *
 * @param originNs  `process.hrtime.bigint()` at which the run's time was 0, as a decimal string (may be negative
 *   when a continued run is older than the machine's last start)
 */
export function createClock(originNs: string): Clock {
  // hrtime() makes no bigint per message; an offset to performance.now() would be milliseconds off on a busy machine.
  const origin = BigInt(originNs);
  const [originS, originRest] = [Number(origin / NS_A_SECOND), Number(origin % NS_A_SECOND)];
  return () => {
    const [seconds, ns] = process.hrtime();
    return Math.max(0, (seconds - originS) * 1_000_000 + Math.floor((ns - originRest) / 1_000));
  };
}

const NS_A_SECOND = 1_000_000_000n;
