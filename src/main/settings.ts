/**
 * The settings while the window runs. They are read once, before Electron is ready, since two of them must be known by then. Flow:
 * file → here → each listener; a change goes to the file first, then to the listeners.
 */

import type { LabError, LabResult, Settings } from '../core/lab-api/index.ts';
import { labError } from '../core/lab-api/lab-problem.ts';
import { readSettings, saveSettings, setSettingsAside } from '../lab/index.ts';

/** The settings of this start. */
export interface SettingsKeeper {
  readonly current: Settings;
  /** A sentence for the log about a problem with the file; null when the file is fine. */
  readonly problem: string | null;
  /** Saves, then calls the listeners. A failed write changes nothing and is `cannot-write`. */
  change(change: Partial<Settings>): LabResult<null>;
  /** Saves a choice that is already in effect; a problem is only reported. @returns whether it was saved */
  keep(change: Partial<Settings>): boolean;
  /** Calls back at once, and after each change. */
  watch(onSettings: (settings: Settings) => void): void;
}

/** @param folder  the folder of `settings.json` */
export function openSettings(folder: string): SettingsKeeper {
  const { settings, problem } = readSettings(folder);
  let current = settings;
  const listeners: ((settings: Settings) => void)[] = [];
  const change = (wanted: Partial<Settings>): LabResult<null> => {
    const next = { ...current, ...wanted };
    try {
      saveSettings(folder, next);
    } catch (problem) {
      return { ok: false, error: cannotWrite(folder, problem) };
    }
    current = next;
    for (const listener of listeners) listener(current);
    return { ok: true, value: null };
  };
  return {
    get current() {
      return current;
    },
    problem: problem === null ? null : `${problem} ${setSettingsAside(folder, settings)}`,
    change,
    keep(wanted) {
      const result = change(wanted);
      if (!result.ok) console.error(result.error.message);
      return result.ok;
    },
    watch(onSettings) {
      listeners.push(onSettings);
      onSettings(current);
    },
  };
}

function cannotWrite(folder: string, problem: unknown): LabError {
  const { code = 'UNKNOWN' } = problem as NodeJS.ErrnoException;
  return labError('cannot-write', { path: folder, errno: code });
}
