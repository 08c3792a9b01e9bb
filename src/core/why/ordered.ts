/** Reasons of orders: the random faults, a scenario, or somebody at a door gave them. */
import type { Named } from '../trace/events.ts';
import { endsOf } from '../vocabulary/index.ts';
import type { Asked, Reason } from './asking.ts';

/** The reason of an order. @param targets  servers or links that it is about */
export function ordered({ event, past, before }: Asked, targets: readonly string[]): Reason {
  const act = plannedAct({ event, past, before }, targets);
  if (act !== null && before.nemesis !== null)
    return { code: 'ordered-by-nemesis', params: { act: act.act, seed: before.nemesis.seed }, evidence: [act] };
  const { scenario } = before;
  if (scenario === null || scenario.ended !== null) return { code: 'ordered' };
  const step = past.newest(event, ['ScenarioStepBegan'], () => true);
  return { code: 'ordered-by-scenario', params: { name: scenario.name, step: scenario.at + 1 }, evidence: [step] };
}

/** The random fault that was planned for these targets and is neither done nor undone. */
function plannedAct({ event, past }: Asked, targets: readonly string[]): Named<'NemesisPlanned'> | null {
  const plan = past.newest(event, ['NemesisPlanned'], (one) => {
    const links = one.links.flatMap((link) => [link, endsOf(link).from, endsOf(link).to]);
    return targets.some((target) => one.servers.includes(target) || links.includes(target as never));
  });
  if (plan === null) return null;
  const isUndone = past.newest(event, ['NemesisUndone'], (one) => one.act === plan.act) !== null;
  return isUndone ? null : plan;
}
