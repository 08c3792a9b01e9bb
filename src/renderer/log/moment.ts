/** Moments of a run as the side writes them. */
import { formatClock } from '../texts/format.ts';

/** `1:39.4`: minutes, seconds and tenths since the run began. */
export function formatMoment(timeUs: number): string {
  return formatClock(timeUs).slice(0, -1);
}
