/**
 * The actions of a live run that random faults use, with a clock and the view's answer whether the cluster has
 * recovered.
 */
import { isRecovered, PACES, type PaceName, type RunSettings } from '../core/trace/index.ts';
import type { FaultControl } from './fault-control.ts';
import type { FaultClock, FaultDriver } from './nemesis.ts';
import type { RunRecorder } from './run-recorder.ts';
import type { Servers } from './servers.ts';

const CLOCK: FaultClock = {
  nowMs: () => performance.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

/** The parts of a live run that random faults use. */
interface RunParts {
  readonly pace: PaceName;
  readonly servers: Servers;
  readonly faults: FaultControl;
}

interface RunFacts {
  readonly settings: RunSettings;
  readonly recorder: RunRecorder;
}

/** Returns the driver for a run. */
export function faultDriverOf(run: RunParts, { settings, recorder }: RunFacts): FaultDriver {
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
    kill: (id) => void run.servers.kill([id], 'SIGKILL'),
    restart: (id) => run.servers.restart([id]),
    freeze: (id) => run.servers.freeze([id]),
    resume: (id) => run.servers.resume([id]),
    cut: (ids) => run.faults.cutOff(ids),
    setLinks: (links, policy) => run.faults.setLinks(links, policy),
    heal: (fault) => run.faults.heal(fault),
    clock: CLOCK,
  };
}
