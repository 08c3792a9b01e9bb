/**
 * The temporary folder of one bench and the programs that the bench started. `close` ends the programs in order and
 * removes the folder. An exit without `close` (a second signal) kills the programs and removes the folder.
 */
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryRoot } from '../../lab/index.ts';
import { throwIfCalledOff } from '../called-off.ts';
import { type Helper, type HelperOrder, startHelper } from './helper.ts';

/** An open workshop; call `close` at the end. */
export interface Workshop {
  /** Temporary folder, readable by this user only, because the start options of a cluster hold its secret. */
  readonly folder: string;
  /** Aborted by the first signal. */
  readonly interrupted: AbortSignal;
  start(order: HelperOrder): Helper;
  close(): Promise<void>;
}

/** @throws the file system's error when no folder can be made */
export async function openWorkshop(interrupted: AbortSignal): Promise<Workshop> {
  const folder = await mkdtemp(join(temporaryRoot(), 'raft-lab-bench-'));
  const helpers = new Set<Helper>();
  const onExit = (): void => {
    for (const helper of helpers) helper.kill();
    // A killed process may still write for a moment. The system cleans up a folder that cannot be removed for that
    // reason.
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  process.once('exit', onExit);
  return {
    folder,
    interrupted,
    start: (order) => {
      throwIfCalledOff(interrupted);
      const helper = startHelper(order);
      helpers.add(helper);
      void helper.exited.then(() => helpers.delete(helper));
      return helper;
    },
    close: async () => {
      await Promise.all([...helpers].map((helper) => helper.end()));
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      process.off('exit', onExit);
    },
  };
}

/**
 * Calls `look` repeatedly until it returns a value.
 *
 * @param look  returns the awaited value, or null while there is no value
 * @throws CalledOff, or after `withinMs` an Error that names the awaited value
 */
export async function waitFor<Value>(
  what: string,
  { interrupted, withinMs, everyMs }: { interrupted: AbortSignal; withinMs: number; everyMs: number },
  look: () => Promise<Value | null> | Value | null,
): Promise<Value> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    throwIfCalledOff(interrupted);
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > deadline) throw new Error(`waited ${withinMs / 1000} s for ${what}`);
    await new Promise((resume) => setTimeout(resume, everyMs));
  }
}
