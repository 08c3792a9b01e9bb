/**
 * Keeps the computer awake while a scenario plays. Sleep, or macOS's App Nap, would make election timers fire late and spoil the
 * verdict. The system is asked only while a scenario plays and the settings allow it.
 */
import type { PowerSaveBlocker } from 'electron';
import type { SettingsKeeper } from './settings.ts';

/** The request to the system, held while it is allowed and needed. */
export interface Awake {
  /** Sets whether a scenario plays that sleep would spoil; false at first. */
  need(isNeeded: boolean): void;
}

export function createAwake(
  blocker: Pick<PowerSaveBlocker, 'start' | 'stop'>,
  settings: Pick<SettingsKeeper, 'watch'>,
): Awake {
  let isAllowed = false;
  let isNeeded = false;
  let held: number | null = null;
  const settle = (): void => {
    const isWanted = isAllowed && isNeeded;
    if (isWanted && held === null) held = blocker.start('prevent-app-suspension');
    if (isWanted || held === null) return;
    blocker.stop(held);
    held = null;
  };
  settings.watch(({ keepAwake }) => {
    isAllowed = keepAwake;
    settle();
  });
  return {
    need(now) {
      isNeeded = now;
      settle();
    },
  };
}
