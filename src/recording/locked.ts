/**
 * Turns a refused lock into the error that a person reads. The error names the holder, when it took the lock and, for a
 * holder elsewhere, when it was last seen. Flow: workspace → here → lock or LabProblem.
 */
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import { holderIn, type Lock, type LockResult } from './lock.ts';
import { type FoundHolder, isHeld } from './lock-holder.ts';

/** Returns the lock. @throws LabProblem run-locked, run-locked-stopped, run-locked-elsewhere, run-locked-unreadable */
export function unlocked(result: LockResult, runId: string): Lock {
  if (result.ok) return result.lock;
  throw lockedProblem(result.holder, runId);
}

/**
 * Checks that a run may be continued. No other lab may hold it. A run that was left open elsewhere needs a person's
 * consent, because its processes cannot be looked up from here.
 *
 * @param takeOver  whether the person consented
 * @throws LabProblem as `unlocked`, and run-left-elsewhere
 */
export async function assertMayContinue(runId: string, folder: string, takeOver: boolean): Promise<void> {
  const holder = await holderIn(folder);
  if (holder === null) return;
  if (isHeld(holder)) throw lockedProblem(holder, runId);
  if (holder.state === 'left-elsewhere' && !takeOver) {
    const { pid, seenAt: seen } = holder;
    throw new LabProblem('run-left-elsewhere', { runId, host: hostOf(holder), pid, seen });
  }
}

/**
 * Checks that no other lab holds the data folder.
 *
 * @param liveRunId  returns the id of the run for the error; called only when the folder is held
 * @throws LabProblem as `unlocked`
 */
export async function assertFree(dataFolder: string, liveRunId: () => Promise<string>): Promise<void> {
  const holder = await holderIn(dataFolder);
  if (holder !== null && isHeld(holder)) throw lockedProblem(holder, await liveRunId());
}

export async function releaseAll(locks: readonly Lock[]): Promise<void> {
  for (const lock of locks) await lock.release();
}

function lockedProblem(holder: FoundHolder | null, runId: string): LabProblem {
  if (holder === null) return new LabProblem('run-locked-unreadable', { runId });
  const { pid, takenAt: since, seenAt: seen, state } = holder;
  if (state === 'elsewhere') {
    return new LabProblem('run-locked-elsewhere', { runId, host: hostOf(holder), pid, since, seen });
  }
  return new LabProblem(state === 'stopped' ? 'run-locked-stopped' : 'run-locked', { runId, pid, since });
}

function hostOf({ place }: FoundHolder): string {
  return place?.host ?? '';
}
