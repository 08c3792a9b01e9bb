/**
 * A global setup of Vitest that several projects share. Vitest loads a setup file once for each project, so the started
 * value is stored on `globalThis`, where all of them find it.
 */
import type { TestProject } from 'vitest/node';

/** A value that is started once for all projects, and a function that stops it. */
export interface Shared<Value> {
  readonly value: Value;
  stop(): Promise<void>;
}

interface Kept {
  users: number;
  readonly started: Promise<Shared<unknown>>;
}

/**
 * Creates a setup function: the first project starts the value, the last one stops it.
 *
 * @param name  unique among all setups
 * @param give  passes the value to the tests of a project
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
