/**
 * Facts about the lab for menu and quit: the open workspace, which runs and scenarios there are, and how far a playing
 * scenario is. Flow: pushes of the lab → here → `onChange`, only when one of these facts changed.
 */
import type { LabMode, LabPush, RunSummary, ScenarioSummary } from '../core/lab-api/index.ts';
import type { Lab } from '../lab/index.ts';

/** Number of runs in the menu; the dialog of the page has all of them. */
export const RECENT_RUNS = 10;

/** Number of runs that are read, since the open run and unreadable runs are omitted. A thousand would delay the lab. */
const READ_RUNS = 2 * RECENT_RUNS;

export interface LabFacts {
  readonly mode: LabMode['mode'];
  /** Newest first, readable, without the one that is open; at most `RECENT_RUNS`. */
  readonly runs: readonly RunSummary[];
  readonly scenarios: readonly ScenarioSummary[];
  /** The scenario that plays now. */
  readonly playing: { readonly steps: number; readonly stepsLeft: number } | null;
}

type Scenario = Extract<LabPush, { type: 'mode' }>['view']['scenario'];

export const NO_FACTS: LabFacts = { mode: 'idle', runs: [], scenarios: [], playing: null };

/**
 * Watches the lab until the program ends.
 *
 * @param onChange  called after each change, never for the lab's first push: that one is the state `NO_FACTS` describes
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
  /** Number of the newest request: an older answer that comes late is dropped. */
  let turn = 0;
  const readRuns = async (): Promise<void> => {
    turn += 1;
    const mine = turn;
    const runs = await lab.ask('listRuns', { newest: READ_RUNS });
    if (mine === turn && runs.ok) change({ runs: recent(runs.value, openRunId) });
  };
  /** Once: they come with the app. */
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
      // Nothing is open yet, and the page opens a run at once: the lists are read then, not while the app starts.
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

/** A recording shows its scenario too, but nothing plays then. */
function playingIn(mode: LabMode, scenario: Scenario): LabFacts['playing'] {
  return mode.mode === 'live' ? playingOf(scenario) : null;
}

function playingOf(scenario: Scenario): LabFacts['playing'] {
  if (scenario === null || scenario.ended !== null) return null;
  const steps = scenario.steps.length;
  return { steps, stepsLeft: steps - Math.max(0, scenario.at) };
}
