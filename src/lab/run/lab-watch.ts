/**
 * Notices when the lab itself is kept from its work: a busy machine, or somebody stopped its process. The lab holds the
 * clients and every control channel, so what comes late meanwhile says nothing about the servers.
 */
import { type LabEvent, PACES, type PaceName, type RunSettings } from '../../core/trace/index.ts';
import { createWatch, type Watch } from '../../program/ticks.ts';

/** A late look is noted. Stands still until `start`. */
export function watchLab(pace: PaceName, { electionTicks }: RunSettings, note: (event: LabEvent) => void): Watch {
  const { tickMs } = PACES[pace];
  return createWatch({
    ...{ tickMs, electionTicks },
    onLate: (lateMs, missed) => note({ event: 'TicksLate', lateMs, missed }),
  });
}
