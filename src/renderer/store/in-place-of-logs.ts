/** Says when presentation shows a face instead of the logs: while a face is open, or while the life of an index is. */
import type { DashboardState } from './dashboard-store.ts';

/** True in presentation with something open. A selected server or link leaves the logs where they are. */
export function isFaceInPlaceOfLogs({
  isPresenting,
  face,
  selection,
}: Pick<DashboardState, 'isPresenting' | 'face' | 'selection'>): boolean {
  return isPresenting && (face !== 'selection' || selection.kind === 'entry');
}
