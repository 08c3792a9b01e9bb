/**
 * While a scenario plays, the system is asked not to suspend the app: on macOS App Nap would delay the timers of servers, and
 * a sleep would break the scenario. A cluster that only runs keeps no computer awake.
 */
import type { PowerSaveBlocker } from 'electron';

/** @returns to be called with whether a scenario plays, as often as that may have changed */
export function keepAwake(blocker: Pick<PowerSaveBlocker, 'start' | 'stop'>): (isPlaying: boolean) => void {
  let held: number | null = null;
  return (isPlaying) => {
    if (isPlaying && held === null) held = blocker.start('prevent-app-suspension');
    if (!isPlaying && held !== null) {
      blocker.stop(held);
      held = null;
    }
  };
}
