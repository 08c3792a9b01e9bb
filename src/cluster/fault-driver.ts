/**
 * Connects random faults to a live run: the actions of the table that they use, a clock, and whether the view shows
 * that the cluster has recovered.
 */
import { isRecovered } from '../core/trace/index.ts';
import type { ServerId } from '../core/wire/index.ts';
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
  readonly servers: readonly ServerId[];
  readonly recorder: RunRecorder;
}

/** Returns the driver for a run. */
export function faultDriverOf(
  run: ActionParts & { readonly electionMs: number },
  { servers, recorder }: RunFacts,
): FaultDriver {
  return {
    note: recorder.note,
    situation: () => ({
      servers,
      leader: recorder.view().leader?.server ?? null,
      running: servers.filter((id) => run.servers.lifeOf(id).isRunning),
      canFreeze: process.platform !== 'win32',
      electionMs: run.electionMs,
    }),
    isRecovered: () => isRecovered(recorder.view()),
    act: (name, ask) => act(run, name, ask),
    clock: CLOCK,
  };
}
