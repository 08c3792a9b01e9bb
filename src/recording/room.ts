/**
 * Checks that the disk has room for a run, or for the copy of an opened file. It is called before either is made, and
 * while a copy grows.
 */
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import { freeBytes, inMib, leastFreeBytes } from './free-space.ts';

/**
 * Checks the free space.
 *
 * @param folder  an existing folder on the disk in question
 * @throws LabProblem disk-nearly-full; Error with a sentence for an invalid RAFT_LAB_MIN_FREE_MIB
 */
export async function assertRoom(folder: string): Promise<void> {
  const least = leastFreeBytes();
  const free = await freeBytes(folder);
  if (free >= least) return;
  throw new LabProblem('disk-nearly-full', { path: folder, free: inMib(free), least: inMib(least) });
}
