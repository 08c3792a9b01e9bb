/**
 * The lab's clock on the page: each push carries the current time in microseconds since the run began, and between pushes the
 * page's own clock continues. Ages, timer arcs and flights are all drawn from this clock.
 */

export interface LabClock {
  /** Microseconds since the run began, never going back while it runs. */
  nowUs(): number;
  /** Sets the time to that of a push. */
  tell(nowUs: number): void;
  /** Stops at this moment, for another run or a recording, until the next call. */
  standAt(timeUs: number): void;
  /** Stops the clock (connection lost, run ended); the next push starts it. */
  stop(): void;
}

/** Difference above which the clock takes the time of a push at once (µs). Smaller differences are smoothed. */
const JUMP_US = 150_000;
/** Share of a small difference taken over with each push. */
const SMOOTHING = 0.1;

/** @param localMs a monotonic clock of the page, milliseconds */
export function createLabClock(localMs: () => number): LabClock {
  let offsetUs = 0;
  let isRunning = false;
  let stoodAtUs = 0;
  let latestUs = 0;

  function nowUs(): number {
    if (!isRunning) return stoodAtUs;
    latestUs = Math.max(latestUs, localMs() * 1000 + offsetUs);
    return latestUs;
  }

  return {
    nowUs,
    tell(labUs) {
      const offset = labUs - localMs() * 1000;
      const difference = offset - offsetUs;
      if (!isRunning || Math.abs(difference) > JUMP_US) {
        offsetUs = offset;
        latestUs = labUs;
        isRunning = true;
      } else {
        offsetUs += difference * SMOOTHING;
      }
    },
    standAt(timeUs) {
      isRunning = false;
      stoodAtUs = timeUs;
      latestUs = timeUs;
    },
    stop() {
      stoodAtUs = nowUs();
      isRunning = false;
    },
  };
}

/** Part of an election timeout that is left, 0–1. */
export function timerLeft(
  timer: { readonly startedUs: number; readonly timeoutTicks: number },
  tickMs: number,
  nowUs: number,
): number {
  const wholeUs = timer.timeoutTicks * tickMs * 1000;
  if (wholeUs <= 0) return 0;
  return Math.min(1, Math.max(0, 1 - (nowUs - timer.startedUs) / wholeUs));
}
