/** The number of random faults a minute: the chosen one, or one for the pace, so that each fault can be followed. */
import type { PaceName } from '../../core/trace/index.ts';
import type { DashboardState } from './dashboard-store.ts';

/** The rates that can be chosen. */
export const NEMESIS_RATES = [2, 6, 20, 60] as const;

const BY_PACE: Readonly<Record<PaceName, number>> = { real: 20, classroom: 6, 'slow-motion': 2 };

/** Random faults a minute. */
export function nemesisRateOf({ nemesisRate, view }: Pick<DashboardState, 'nemesisRate' | 'view'>): number {
  return view?.nemesis?.perMinute ?? nemesisRate ?? BY_PACE[view?.pace ?? 'classroom'];
}
