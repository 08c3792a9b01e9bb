/**
 * Notices when the lab itself is kept from its work: a busy machine, or somebody stopped its process. The lab holds the
 * clients and every control channel, so what comes late meanwhile says nothing about the servers.
 */
import { type LabEvent, PACES, type PaceName, type RunSettings } from '../../core/trace/index.ts';
import { createTicks, type Ticks } from '../../program/ticks.ts';

/** Ticks of the servers' length that drive nothing: a late one is noted. Stands still until `start`. */
export function watchLab(pace: PaceName, { electionTicks }: RunSettings, note: (event: LabEvent) => void): Ticks {
  const { tickMs } = PACES[pace];
  return createTicks({
    ...{ tickMs, electionTicks },
    onLate: (lateMs, missed) => note({ event: 'TicksLate', lateMs, missed }),
  });
}
