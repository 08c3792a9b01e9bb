/**
 * Notes the times at which the lab itself could not work: the machine was busy, its process was stopped, or the
 * computer slept. The lab holds the clients and all control channels, so late answers during such a time prove nothing
 * about the servers.
 */
import { type LabEvent, PACES, type PaceName } from '../core/trace/index.ts';
import type { Timing } from '../core/vocabulary/index.ts';
import { createWatch, type Watch } from '../program/ticks.ts';
import { SleepWatch, systemClocks } from './sleep-watch.ts';

/** A watch over the lab's own ticks. `sleep` receives the system's announcements of sleep. */
export interface StandstillWatch extends Watch {
  readonly sleep: Pick<SleepWatch, 'suspended' | 'resumed'>;
}

/**
 * Notes late ticks and sleeps. Inactive until `start` is called.
 *
 * @param runUs  returns the run's time now, microseconds
 */
export function watchLab(
  pace: PaceName,
  { electionTicks }: Timing,
  runUs: () => number,
  note: (event: LabEvent) => void,
): StandstillWatch {
  const { tickMs } = PACES[pace];
  const sleep = new SleepWatch(systemClocks, runUs, note);
  const watch = createWatch({
    tickMs,
    electionTicks,
    onLate: (lateMs, missed) => note({ event: 'TicksLate', lateMs, missed }),
    onLook: () => sleep.look(),
  });
  return { ...watch, sleep };
}
