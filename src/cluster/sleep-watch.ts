/**
 * Marks the sleep of the computer in the recording. The window passes on what the system announces. On Linux the clocks
 * are compared as well, for doors without announcements: the clock since boot counts sleep, the monotonic clock does
 * not, and setting the time of day changes neither. On macOS and Windows both clocks count sleep, so there is nothing
 * to compare.
 */
import { uptime } from 'node:os';
import type { LabEvent } from '../core/trace/index.ts';

/** Milliseconds of three clocks. */
export interface SleepClocks {
  /** Monotonic. */
  now(): number;
  /** Time of day. */
  timeOfDay(): number;
  /** Since boot, sleep included; null where no such clock differs from `now`. */
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
      // A sandbox may refuse the clock: then sleep is not noticed by comparing.
      return null;
    }
  },
};

/** A shorter gap is no sleep: no system sleeps for less. Milliseconds. */
const LEAST_MS = 1_000;

/** Notes `ComputerSuspended` and `ComputerResumed` once for each sleep, from the system's messages or from the clocks. */
export class SleepWatch {
  readonly #clocks: SleepClocks;
  readonly #runUs: () => number;
  readonly #note: (event: LabEvent) => void;
  /** The announced sleep that is not over. */
  #suspended: { readonly atUs: number; readonly timeOfDay: number } | null = null;
  /** Largest possible difference of the clocks at the last comparison; null before the first. */
  #ahead: number | null = null;
  #lookedUs = 0;

  /** Creates a watch. @param runUs  returns the run's time now, microseconds */
  constructor(clocks: SleepClocks, runUs: () => number, note: (event: LabEvent) => void) {
    this.#clocks = clocks;
    this.#runUs = runUs;
    this.#note = note;
  }

  /** The system is about to sleep. */
  suspended(): void {
    if (this.#suspended !== null) return;
    this.#suspended = { atUs: this.#runUs(), timeOfDay: this.#clocks.timeOfDay() };
    this.#note({ event: 'ComputerSuspended' });
  }

  /** The system went on. Does nothing when that was seen already, or when nothing announced the sleep. */
  resumed(): void {
    this.look();
    if (this.#suspended === null) return;
    this.#wake(Math.max(0, this.#clocks.timeOfDay() - this.#suspended.timeOfDay));
  }

  /** Compares the clocks. To be called several times a second. */
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

  /** Lower bound of the sleep, milliseconds: a process stopped between two readings must not look like a sleep. */
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
