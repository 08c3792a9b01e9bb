/**
 * Whether anything was done in the live run: then a person is asked before it is closed for another run. Looking, slowing down and
 * healing are nothing that anybody would miss. Flow: dispatcher → here.
 */

import type { LiveRun } from '../../cluster/live-run.ts';
import { REQUESTS, type RequestName } from '../../core/actions/index.ts';
import { LabProblem } from '../../core/lab-api/lab-problem.ts';
import type { WorkspaceState } from '../workspace-state.ts';

const used = new WeakSet<LiveRun>();

/** To be called after a request that was carried out; the request's row says whether the run is used by it. */
export function noteUse(current: WorkspaceState, name: RequestName): void {
  if (current.mode === 'live' && REQUESTS[name].uses) used.add(current.run);
}

/**
 * Before what is open is closed for another run.
 *
 * @throws LabProblem run-in-use: a person is to agree first
 */
export function assertUnused(current: WorkspaceState): void {
  if (current.mode !== 'live' || !used.has(current.run)) return;
  throw new LabProblem('run-in-use', { runId: current.reader.runId });
}

/** @param endLive  true: a person has agreed that the live run is closed */
export function mayEndWhen(endLive: boolean | undefined): (current: WorkspaceState) => void {
  return endLive === true ? () => undefined : assertUnused;
}
