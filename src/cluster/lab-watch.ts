/**
 * Notices when the lab itself is kept from its work: a busy machine, somebody stopped its process, or the computer slept. The
 * lab holds the clients and every control channel, so what comes late meanwhile says nothing about the servers.
 */
import { type LabEvent, PACES, type PaceName, type RunSettings } from '../core/trace/index.ts';
import { createWatch, type Watch } from '../program/ticks.ts';
import { SleepWatch, systemClocks } from './sleep-watch.ts';

/** A watch over the lab's own ticks; call `sleep` when the system announces a suspend or a resume. */
export interface StandstillWatch extends Watch {
  readonly sleep: Pick<SleepWatch, 'suspended' | 'resumed'>;
}

/**
 * Late looks and sleeps are noted. Stands still until `start`.
 *
 * @param runUs  the run's time now, microseconds
 */
export function watchLab(
  pace: PaceName,
  { electionTicks }: RunSettings,
  runUs: () => number,
  note: (event: LabEvent) => void,
): StandstillWatch {
  const { tickMs } = PACES[pace];
  const sleep = new SleepWatch(systemClocks, runUs, note);
  const watch = createWatch({
    ...{ tickMs, electionTicks },
    onLate: (lateMs, missed) => note({ event: 'TicksLate', lateMs, missed }),
    onLook: () => sleep.look(),
  });
  return { ...watch, sleep };
}
