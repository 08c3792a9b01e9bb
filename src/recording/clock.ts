/** The machine's one monotonic clock and its timers, as the recorder needs them; a test brings its own. */

/** Time and timers of the recorder; tests turn it by hand. */
export interface RecorderClock {
  /** Monotonic, nanoseconds; shared by all processes of this machine. */
  nowNs(): bigint;
  /** Calls back once after `ms`. Returns how to call it off. */
  later(callback: () => void, ms: number): () => void;
}

/** The real one. Its timers keep no process alive. */
export const systemClock: RecorderClock = {
  nowNs: () => process.hrtime.bigint(),
  later: (callback, ms) => {
    let isCalledOff = false;
    // One turn after the timer: what has arrived on the sockets by then is read first.
    const timer = setTimeout(() => setImmediate(() => isCalledOff || callback()), ms);
    timer.unref();
    return () => {
      isCalledOff = true;
      clearTimeout(timer);
    };
  },
};

/** `process.hrtime.bigint()` at which a run's time is 0, so that its next event comes after `lastTimeUs`. */
export function originAfter(lastTimeUs: number, clock: RecorderClock = systemClock): bigint {
  return lastTimeUs === 0 ? clock.nowNs() : clock.nowNs() - BigInt(Math.ceil(lastTimeUs) + 1) * 1_000n;
}
