/** Keeps the window's settings for a component. They are read when it appears; the answer to a change replaces them. */
import { useEffect, useState } from 'react';
import type {
  LabError,
  LabResult,
  SettingsAct,
  SettingsChange,
  SettingsState,
  WindowBridge,
} from '../../core/lab-api/index.ts';

export interface UsedSettings {
  /** Null until the settings are read. */
  readonly state: SettingsState | null;
  /** The reason why the last change or action failed. */
  readonly problem: LabError | null;
  change(change: SettingsChange): Promise<boolean>;
  act(act: SettingsAct): Promise<boolean>;
}

/** @param bridge  undefined in a browser, where there is nothing to read */
export function useWindowSettings(bridge: WindowBridge | undefined): UsedSettings {
  const [state, setState] = useState<SettingsState | null>(null);
  const [problem, setProblem] = useState<LabError | null>(null);
  useEffect(() => {
    let isGone = false;
    bridge?.readSettings().then(
      (read) => {
        if (!isGone) setState(read);
      },
      (failure: unknown) => console.warn('the settings could not be read', failure),
    );
    return () => {
      isGone = true;
    };
  }, [bridge]);
  async function take(answer: Promise<LabResult<SettingsState>> | undefined): Promise<boolean> {
    const result = await answer;
    if (result === undefined) return false;
    setProblem(result.ok ? null : result.error);
    if (result.ok) setState(result.value);
    return result.ok;
  }
  return {
    state,
    problem,
    change: (change) => take(bridge?.changeSettings(change)),
    act: (act) => take(bridge?.actOnSettings(act)),
  };
}
