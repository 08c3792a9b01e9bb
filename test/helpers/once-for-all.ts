/**
 * A global setup of vitest that several projects share. Vitest runs a setup once for each project, each time as a module
 * of its own; what is kept in the process makes them one.
 */
import type { TestProject } from 'vitest/node';

/** The value started for all projects, and how to stop it. */
export interface Shared<Value> {
  readonly value: Value;
  stop(): Promise<void>;
}

interface Kept {
  users: number;
  readonly started: Promise<Shared<unknown>>;
}

/**
 * Makes a setup function: the first project starts it, the last one stops it.
 *
 * @param name  unique among all setups
 * @param give  hands the value to the tests of a project
 */
export function onceForAll<Value>(
  name: string,
  start: () => Promise<Shared<Value>>,
  give: (project: TestProject, value: Value) => void,
): (project: TestProject) => Promise<() => Promise<void>> {
  const all = globalThis as unknown as Record<symbol, Kept | undefined>;
  const key = Symbol.for(`raft-lab ${name}`);
  return async (project) => {
    const kept = all[key] ?? { users: 0, started: start() };
    all[key] = kept;
    kept.users += 1;
    const shared = (await kept.started) as Shared<Value>;
    give(project, shared.value);
    return async () => {
      kept.users -= 1;
      if (kept.users > 0) return;
      delete all[key];
      await shared.stop();
    };
  };
}
