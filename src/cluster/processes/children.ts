/**
 * All processes of one run. Every process is started here, so that none is forgotten: it is reported to the reaper and
 * written into the run's list as soon as it exists, and removed when it is gone. `killNow` is the last resort.
 */

import type { ProcessIdentity } from '../../program/process-info.ts';
import { type Child, type ChildOrder, spawnChild } from './child.ts';
import { startReaper } from './reaper-handle.ts';
import { listLiveProcesses } from './survivors.ts';

/** The processes of a live run. */
export interface Children {
  /** @throws the system's error when no process came to be */
  start(order: Omit<ChildOrder, 'onProblem'>): Promise<Child>;
  /** SIGKILLs every one of them, synchronously. */
  killNow(): void;
  /** True once this child would be killed even if it were frozen and the lab died. */
  isGuarded(identity: ProcessIdentity): boolean;
  /** Call it when every child is gone: ends the reaper and removes the list. */
  close(): Promise<void>;
}

/** The run whose children they are, and whom to tell of trouble. */
export interface ChildrenOptions {
  readonly reaperProgram: string;
  readonly runFolder: string;
  readonly runId: string;
  /** Told in a sentence about trouble that does not stop anything. */
  readonly onProblem: (message: string) => void;
}

/** Starts the reaper and the list of a run. */
export function superviseChildren(options: ChildrenOptions): Children {
  const { runId, runFolder, onProblem } = options;
  const reaper = startReaper({ program: options.reaperProgram, runId, onTrouble: onProblem });
  const list = listLiveProcesses({ runFolder, runId });
  const living = new Set<Child>();

  function written(change: Promise<void>): void {
    change.catch((cause: Error) => onProblem(`cannot write the list of processes: ${cause.message}`));
  }

  return {
    start: async (order) => {
      const child = await spawnChild({ ...order, onProblem });
      living.add(child);
      reaper.add(child.identity);
      written(list.add(child.identity));
      void child.exited.then(() => {
        living.delete(child);
        reaper.remove(child.pid);
        written(list.remove(child.pid));
      });
      return child;
    },
    killNow: () => {
      for (const child of living) child.signal('SIGKILL');
    },
    isGuarded: (identity) => reaper.guards(identity.pid),
    close: async () => {
      await reaper.close();
      await list.close();
    },
  };
}
