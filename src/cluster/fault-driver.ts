/**
 * Connects random faults to a live run: the actions of the table that they use, a clock, and whether the view shows
 * that the cluster has recovered.
 */
import { isRecovered, PACES, type PaceName, type RunSettings } from '../core/trace/index.ts';
import { type ActionParts, act } from './actions.ts';
import type { FaultClock, FaultDriver } from './nemesis.ts';
import type { RunRecorder } from './run-recorder.ts';

const CLOCK: FaultClock = {
  nowMs: () => performance.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

interface RunFacts {
  readonly settings: RunSettings;
  readonly recorder: RunRecorder;
}

/** Returns the driver for a run. */
export function faultDriverOf(
  run: ActionParts & { readonly pace: PaceName },
  { settings, recorder }: RunFacts,
): FaultDriver {
  return {
    note: recorder.note,
    situation: () => ({
      servers: settings.servers,
      leader: recorder.view().leader?.server ?? null,
      running: settings.servers.filter((id) => run.servers.lifeOf(id).isRunning),
      canFreeze: process.platform !== 'win32',
      electionMs: settings.electionTicks * PACES[run.pace].tickMs,
    }),
    isRecovered: () => isRecovered(recorder.view()),
    act: (name, ask) => act(run, name, ask),
    clock: CLOCK,
  };
}
