/** Whether the disk has room for a run, or for the copy of an opened file: asked before it is made, and while a copy grows. */
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import { freeBytes, inMib, leastFreeBytes } from './free-space.ts';

/**
 * @param folder  an existing one on the disk in question
 * @throws LabProblem disk-nearly-full; Error with a sentence for a wrong RAFT_LAB_MIN_FREE_MIB
 */
export async function assertRoom(folder: string): Promise<void> {
  const least = leastFreeBytes();
  const free = await freeBytes(folder);
  if (free >= least) return;
  throw new LabProblem('disk-nearly-full', { path: folder, free: inMib(free), least: inMib(least) });
}
