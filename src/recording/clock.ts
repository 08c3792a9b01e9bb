/** The machine's monotonic clock and timers for the recorder. Tests pass in a clock of their own. */

/** Time and timers of the recorder. */
export interface RecorderClock {
  /** Monotonic time, nanoseconds; all processes of this machine share it. */
  nowNs(): bigint;
  /** Calls back once after `ms` milliseconds. Returns a function that cancels the call. */
  later(callback: () => void, ms: number): () => void;
}

/** The clock of this machine. Its timers keep no process alive. */
export const systemClock: RecorderClock = {
  nowNs: () => process.hrtime.bigint(),
  later: (callback, ms) => {
    let isCalledOff = false;
    // The callback runs one turn after the timer, so data that has arrived on the sockets is read first.
    const timer = setTimeout(() => setImmediate(() => isCalledOff || callback()), ms);
    timer.unref();
    return () => {
      isCalledOff = true;
      clearTimeout(timer);
    };
  },
};

/**
 * Returns the `process.hrtime.bigint()` at which a run's time is 0, so that the next event comes after `lastTimeUs`.
 */
export function originAfter(lastTimeUs: number, clock: RecorderClock = systemClock): bigint {
  return lastTimeUs === 0 ? clock.nowNs() : clock.nowNs() - BigInt(Math.ceil(lastTimeUs) + 1) * 1_000n;
}
