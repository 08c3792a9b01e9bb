/** What the nemesis works with in a live run: the run's own orders, its clock, and what the view says of recovery. */
import { isRecovered, PACES, type PaceName, type RunSettings } from '../core/trace/index.ts';
import type { FaultControl } from './fault-control.ts';
import type { NemesisClock, NemesisHands } from './nemesis.ts';
import type { RunRecorder } from './run-recorder.ts';
import type { Servers } from './servers.ts';

const CLOCK: NemesisClock = {
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

/** Hands for this run. */
export function handsOf(run: RunParts, { settings, recorder }: RunFacts): NemesisHands {
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
