/**
 * Marks the sleep of the computer in the recording. The window passes on the system's announcements. On Linux the
 * clocks are compared as well, for doors without announcements: the clock since boot counts sleep, the monotonic clock
 * does not, and setting the time of day changes neither. On macOS and Windows both clocks count sleep, so there is no
 * difference to find.
 */
import { uptime } from 'node:os';
import type { LabEvent } from '../core/trace/index.ts';

/** Milliseconds of three clocks. */
export interface SleepClocks {
  /** Monotonic clock. */
  now(): number;
  /** Time of day. */
  timeOfDay(): number;
  /** Clock since boot, sleep included; null where `now` counts sleep too. */
  sinceBoot(): number | null;
}

/** The clocks of this machine. */
export const systemClocks: SleepClocks = {
  now: () => performance.now(),
  timeOfDay: () => Date.now(),
  sinceBoot: () => {
    if (process.platform !== 'linux') return null;
    try {
      return uptime() * 1_000;
    } catch {
      // A sandbox may refuse the clock. Sleep is then not noticed by comparing clocks.
      return null;
    }
  },
};

/** Shortest gap between the clocks that counts as sleep, milliseconds. No system sleeps for less. */
const LEAST_MS = 1_000;

/**
 * Notes `ComputerSuspended` and `ComputerResumed` once for each sleep, announced by the system or found by the clocks.
 */
export class SleepWatch {
  readonly #clocks: SleepClocks;
  readonly #runUs: () => number;
  readonly #note: (event: LabEvent) => void;
  /** The announced sleep that is not over; null without one. */
  #suspended: { readonly atUs: number; readonly timeOfDay: number } | null = null;
  /** Upper bound of the difference between the clocks at the last comparison; null before the first. */
  #ahead: number | null = null;
  #lookedUs = 0;

  /** Creates a watch. @param runUs  returns the run's time now, microseconds */
  constructor(clocks: SleepClocks, runUs: () => number, note: (event: LabEvent) => void) {
    this.#clocks = clocks;
    this.#runUs = runUs;
    this.#note = note;
  }

  /** Handles the system's announcement that it is about to sleep. */
  suspended(): void {
    if (this.#suspended !== null) return;
    this.#suspended = { atUs: this.#runUs(), timeOfDay: this.#clocks.timeOfDay() };
    this.#note({ event: 'ComputerSuspended' });
  }

  /**
   * Handles the system's announcement that it woke up. Does nothing when the end of the sleep is noted already, or when
   * no sleep was announced.
   */
  resumed(): void {
    this.look();
    if (this.#suspended === null) return;
    this.#wake(Math.max(0, this.#clocks.timeOfDay() - this.#suspended.timeOfDay));
  }

  /** Compares the clocks. Call it several times a second. */
  look(): void {
    const slept = this.#sleptSinceLook();
    if (slept >= LEAST_MS) this.#wake(slept);
    this.#lookedUs = this.#runUs();
  }

  #wake(sleptMs: number): void {
    const sinceUs = this.#suspended?.atUs ?? this.#lookedUs;
    this.#suspended = null;
    this.#note({ event: 'ComputerResumed', sleptMs: Math.round(sleptMs), sinceUs });
  }

  /**
   * Returns a lower bound of the sleep, milliseconds, so that a process stopped between two readings does not look like
   * a sleep.
   */
  #sleptSinceLook(): number {
    const before = this.#clocks.now();
    const sinceBoot = this.#clocks.sinceBoot();
    const after = this.#clocks.now();
    if (sinceBoot === null) return 0;
    const slept = this.#ahead === null ? 0 : sinceBoot - after - this.#ahead;
    this.#ahead = sinceBoot - before;
    return slept;
  }
}
