/** Folds the events of a scenario into the view: its current step, its last note and its verdict. */
import type { LabTraceEvent } from './event-kinds.ts';
import type { ScenarioView } from './view.ts';

type Told = Extract<LabTraceEvent, { readonly event: `Scenario${string}` }>;

export function foldScenario(scenario: ScenarioView | null, event: Told): ScenarioView | null {
  if (event.event === 'ScenarioStarted') {
    const { name, title, seed, steps, reported, timeUs: startedUs } = event;
    return { name, title, seed, steps, reported, startedUs, at: -1, note: null, ended: null };
  }
  if (scenario === null) return null;
  switch (event.event) {
    case 'ScenarioStepBegan':
      return { ...scenario, at: event.step };
    case 'ScenarioNoted':
      return { ...scenario, note: { says: event.says, warning: event.warning } };
    case 'ScenarioEnded': {
      const { verdict, reason, seconds } = event;
      return { ...scenario, ended: { verdict, reason, seconds } };
    }
  }
}
