/**
 * All processes of one run. Every process is started here: it is reported to the reaper and written into the run's list
 * as soon as it exists, and removed from both when it is gone. `killNow` is the last resort.
 */

import type { ProcessIdentity } from '../../program/process-info.ts';
import { type Child, type ChildOrder, spawnChild } from './child.ts';
import { startReaper } from './reaper-handle.ts';
import { listLiveProcesses } from './survivors.ts';

/** The processes of a live run. */
export interface Children {
  /** Starts a process. @throws SpawnFailed when it could not be spawned */
  start(order: Omit<ChildOrder, 'onProblem'>): Promise<Child>;
  /** Kills all children with SIGKILL, synchronously. */
  killNow(): void;
  /** Whether the reaper would kill this child after the death of the lab, even if the child were frozen. */
  isGuarded(identity: ProcessIdentity): boolean;
  /** Ends the reaper and removes the list. Call it when every child is gone. */
  close(): Promise<void>;
}

/** The run of the children. */
export interface ChildrenOptions {
  readonly reaperProgram: string;
  readonly runFolder: string;
  readonly runId: string;
  /** Receives a sentence about a problem after which the run continues. */
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
