/**
 * Records whether a live run was used. A used run is closed for another run only after a person has agreed. Looking,
 * changing the pace and healing do not count as use. Flow: dispatcher → here.
 */

import type { LiveRun } from '../../cluster/live-run.ts';
import { REQUESTS, type RequestName } from '../../core/actions/index.ts';
import { LabProblem } from '../../core/lab-api/lab-problem.ts';
import type { WorkspaceState } from '../workspace-state.ts';

const used = new WeakSet<LiveRun>();

/** Call it after a request was carried out. The request's row decides whether it counts as use. */
export function noteUse(current: WorkspaceState, name: RequestName): void {
  if (current.mode === 'live' && REQUESTS[name].uses) used.add(current.run);
}

/**
 * Checks the open run before it is closed for another one.
 *
 * @throws LabProblem run-in-use when a person must agree first
 */
export function assertUnused(current: WorkspaceState): void {
  if (current.mode !== 'live' || !used.has(current.run)) return;
  throw new LabProblem('run-in-use', { runId: current.reader.runId });
}

/**
 * Returns the check before the open run is closed.
 *
 * @param endLive  true: a person has agreed that the live run is closed
 */
export function mayEndWhen(endLive: boolean | undefined): (current: WorkspaceState) => void {
  return endLive === true ? () => undefined : assertUnused;
}
