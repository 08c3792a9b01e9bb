/** The end of the lists of the side: a recording and a paused view list nothing after the shown moment. */
import type { DashboardState } from './dashboard-store.ts';

/** Time of the newest listed event in microseconds since the run began; null lists all. */
export function shownUntilUs({
  mode,
  isPaused,
  view,
}: Pick<DashboardState, 'mode' | 'isPaused' | 'view'>): number | null {
  if (mode?.mode === 'past') return mode.atUs;
  return isPaused ? (view?.timeUs ?? null) : null;
}
