/** How many random faults a minute: what was chosen, or what suits the pace, so that each can be followed. */
import type { PaceName } from '../../core/trace/index.ts';
import type { DashboardState } from './dashboard-store.ts';

/** The rates that can be chosen. */
export const NEMESIS_RATES = [2, 6, 20, 60] as const;

const BY_PACE: Readonly<Record<PaceName, number>> = { real: 20, classroom: 6, 'slow-motion': 2 };

/** Acts a minute. */
export function nemesisRateOf({ nemesisRate, view }: Pick<DashboardState, 'nemesisRate' | 'view'>): number {
  return view?.nemesis?.perMinute ?? nemesisRate ?? BY_PACE[view?.pace ?? 'classroom'];
}
