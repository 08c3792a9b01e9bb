/**
 * Facts about the lab for the menu and the quit question: the open workspace, the lists of runs and scenarios, and the progress of
 * a playing scenario. Flow: pushes of the lab → here → `onChange`, only when one of these facts changed.
 */
import type { LabMode, LabPush, RunSummary, ScenarioSummary } from '../core/lab-api/index.ts';
import type { Lab } from '../lab/index.ts';

/** Number of runs in the menu. The page's dialog lists all of them. */
export const RECENT_RUNS = 10;

/** Number of runs that are read: more than the menu shows, since the open run and unreadable runs are omitted. */
const READ_RUNS = 2 * RECENT_RUNS;

export interface LabFacts {
  readonly mode: LabMode['mode'];
  /** The newest readable runs, newest first, without the open one; at most `RECENT_RUNS`. */
  readonly runs: readonly RunSummary[];
  readonly scenarios: readonly ScenarioSummary[];
  /** Progress of the playing scenario. */
  readonly playing: { readonly steps: number; readonly stepsLeft: number } | null;
}

type Scenario = Extract<LabPush, { type: 'mode' }>['view']['scenario'];

export const NO_FACTS: LabFacts = { mode: 'idle', runs: [], scenarios: [], playing: null };

/**
 * Watches the lab until the program ends.
 *
 * @param onChange  called after each change, but not for the lab's first push, which has the state of `NO_FACTS`
 * @returns the facts of this moment
 */
export function watchLab(lab: Pick<Lab, 'ask' | 'listen'>, onChange: (facts: LabFacts) => void): () => LabFacts {
  let facts = NO_FACTS;
  let openRunId: string | null = null;
  let isFirst = true;
  const change = (next: Partial<LabFacts>): void => {
    facts = { ...facts, ...next };
    onChange(facts);
  };
  /** Number of the newest request; a late answer to an older one is ignored. */
  let turn = 0;
  const readRuns = async (): Promise<void> => {
    turn += 1;
    const mine = turn;
    const runs = await lab.ask('listRuns', { newest: READ_RUNS });
    if (mine === turn && runs.ok) change({ runs: recent(runs.value, openRunId) });
  };
  /** Whether the scenarios were listed. They never change while the app runs. */
  let isListed = false;
  const readScenarios = async (): Promise<void> => {
    if (isListed) return;
    isListed = true;
    const scenarios = await lab.ask('listScenarios', {});
    if (scenarios.ok) change({ scenarios: scenarios.value });
    else isListed = false;
  };
  const report = (problem: unknown): void => console.error(`The menu's lists could not be read: ${String(problem)}`);
  lab.listen((push: LabPush) => {
    if (push.type === 'mode') {
      openRunId = push.mode.mode === 'idle' ? null : push.mode.runId;
      const next = { mode: push.mode.mode, playing: playingIn(push.mode, push.view.scenario) };
      // The page opens a run right after the start. The lists are read then, so that they do not delay the start.
      if (isFirst && push.mode.mode === 'idle') facts = { ...facts, ...next };
      else {
        change(next);
        readRuns().catch(report);
        readScenarios().catch(report);
      }
      isFirst = false;
    } else if (push.type === 'view' && facts.mode === 'live' && 'scenario' in push.patch.top) {
      const playing = playingOf(push.patch.top.scenario ?? null);
      if (playing?.stepsLeft !== facts.playing?.stepsLeft) change({ playing });
    }
  });
  return () => facts;
}

function recent(runs: readonly RunSummary[], openRunId: string | null): readonly RunSummary[] {
  return runs.filter(({ ok, live, runId }) => ok && !live && runId !== openRunId).slice(0, RECENT_RUNS);
}

/** Progress of the playing scenario; null for a recording, which shows its scenario but plays nothing. */
function playingIn(mode: LabMode, scenario: Scenario): LabFacts['playing'] {
  return mode.mode === 'live' ? playingOf(scenario) : null;
}

function playingOf(scenario: Scenario): LabFacts['playing'] {
  if (scenario === null || scenario.ended !== null) return null;
  const steps = scenario.steps.length;
  return { steps, stepsLeft: steps - Math.max(0, scenario.at) };
}
