/**
 * Watches the writes of one server from outside: a program whose disk hangs stands still and can report nothing, so it
 * announces each write, and the lab looks at how long ago that was.
 */

/** A write that takes this long is reported, milliseconds. */
export const SILENT_AFTER_MS = 1000;
/** A lab that stood still itself first reads what waits in its sockets, milliseconds. */
export const READ_FIRST_MS = 200;

export interface WriteWatch {
  /** Called with every report of the server; true: the server writes now, and is silent until that has ended. */
  heard(isWriting: boolean): void;
  /** The server is gone. */
  stop(): void;
}

/** The clock and timers that the watch uses; tests replace them. */
export interface WriteTimer {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Calls back once after the given number of milliseconds. @returns cancels the call */
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
 * A busy server announces thousands of writes a second: one timer serves them all, and looks again when it is due.
 *
 * @param onSilent  called once for each write that does not end, with the milliseconds since it began
 */
export function createWriteWatch(onSilent: (forMs: number) => void, timer: WriteTimer = REAL_TIMER): WriteWatch {
  let beganMs: number | null = null;
  let cancel: (() => void) | null = null;
  /** When the write began that was overdue at the look before. */
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
