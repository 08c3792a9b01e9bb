/** What the nemesis works with in a live run: the run's own orders, its clock, and what the view says of recovery. */
import { isRecovered, PACES, type PaceName, type RunSettings } from '../core/trace/index.ts';
import type { ServerId } from '../core/wire/index.ts';
import type { NemesisClock, NemesisHands } from './nemesis.ts';
import type { RunRecorder } from './run-recorder.ts';

const CLOCK: NemesisClock = {
  nowMs: () => performance.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

/** The actions of a live run that random faults use. */
interface Faults extends Pick<NemesisHands, 'cut' | 'setLinks' | 'heal'> {
  readonly pace: PaceName;
  kill(servers: readonly ServerId[], signal: 'SIGKILL'): unknown;
  restart(servers: readonly ServerId[]): Promise<unknown>;
  freeze(servers: readonly ServerId[]): Promise<unknown>;
  resume(servers: readonly ServerId[]): Promise<unknown>;
}

interface RunFacts {
  readonly settings: RunSettings;
  readonly recorder: RunRecorder;
  /** Up and not frozen. */
  readonly isRunning: (server: ServerId) => boolean;
}

/** Hands for this run. */
export function handsOf(run: Faults, { settings, recorder, isRunning }: RunFacts): NemesisHands {
  return {
    note: recorder.note,
    situation: () => ({
      servers: settings.servers,
      leader: recorder.view().leader?.server ?? null,
      running: settings.servers.filter(isRunning),
      canFreeze: process.platform !== 'win32',
      electionMs: settings.electionTicks * PACES[run.pace].tickMs,
    }),
    isRecovered: () => isRecovered(recorder.view()),
    kill: (id) => void run.kill([id], 'SIGKILL'),
    restart: (id) => run.restart([id]),
    freeze: (id) => run.freeze([id]),
    resume: (id) => run.resume([id]),
    cut: (ids) => run.cut(ids),
    setLinks: (links, policy) => run.setLinks(links, policy),
    heal: (fault) => run.heal(fault),
    clock: CLOCK,
  };
}
