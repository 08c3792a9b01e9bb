/**
 * Watches the writes of one server from outside. A program whose disk hangs cannot report that, so it announces each
 * write, and the lab measures its duration.
 */

/** Duration from which a write is reported, milliseconds. */
export const SILENT_AFTER_MS = 1000;
/** Time for a lab that was itself stopped to read the reports that wait in its sockets, milliseconds. */
export const READ_FIRST_MS = 200;

export interface WriteWatch {
  /**
   * Call it with every report of the server. True: a write begins, and the server sends no report until it has ended.
   */
  heard(isWriting: boolean): void;
  /** Call it when the server has ended. */
  stop(): void;
}

/** The clock and timers that the watch uses; tests replace them. */
export interface WriteTimer {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Calls back once after the given number of milliseconds. @returns a function that cancels the call */
  after(ms: number, then: () => void): () => void;
}

const REAL_TIMER: WriteTimer = {
  now: () => performance.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Watches one server. A busy server announces thousands of writes a second, so one timer serves them all and is checked
 * when it fires.
 *
 * @param onSilent  called once for each write that does not end, with the milliseconds since it began
 */
export function createWriteWatch(onSilent: (forMs: number) => void, timer: WriteTimer = REAL_TIMER): WriteWatch {
  let beganMs: number | null = null;
  let cancel: (() => void) | null = null;
  /** The start of the write that was overdue at the last check, milliseconds. */
  let overdueMs: number | null = null;

  function look(): void {
    cancel = null;
    if (beganMs === null) return;
    const forMs = timer.now() - beganMs;
    if (forMs < SILENT_AFTER_MS) cancel = timer.after(SILENT_AFTER_MS - forMs, look);
    else if (overdueMs === beganMs) onSilent(Math.round(forMs));
    else {
      overdueMs = beganMs;
      cancel = timer.after(READ_FIRST_MS, look);
    }
  }

  return {
    heard(isWriting) {
      beganMs = isWriting ? timer.now() : null;
      if (isWriting) cancel ??= timer.after(SILENT_AFTER_MS, look);
    },
    stop() {
      beganMs = null;
      cancel?.();
      cancel = null;
    },
  };
}
