/** Starts lives of servers, one or all together; what keeps one from starting becomes an answer that names the server. */
import type { ServerId } from '../core/wire/index.ts';
import { spawnProblem } from './processes/spawn-failed.ts';
import type { ServerProcess } from './server-process.ts';
import { atMost, type Deferred } from './waiting.ts';

/** Servers of a new run begin to tick together, so that the first election is among all of them. */
const TOGETHER_WITHIN_MS = 10_000;

/**
 * Spawns servers that may go once all are ready, or 10 s after.
 *
 * @param together  is resolved then
 * @returns when they are spawned
 * @throws LabProblem busy, or one of spawnProblem
 */
export async function launchTogether(servers: readonly ServerProcess[], together: Deferred<void>): Promise<void> {
  const launched = servers.map((server) => launch(server, together.promise));
  const settled = Promise.all(servers.map((server) => server.settled));
  void atMost(TOGETHER_WITHIN_MS, settled).then(() => together.resolve());
  await Promise.all(launched);
}

/**
 * @param mayGo  its ticks begin when this settles
 * @throws LabProblem busy, or one of spawnProblem
 */
export async function launch(
  server: ServerProcess,
  mayGo: Promise<void>,
): Promise<{ readonly server: ServerId; readonly pid: number }> {
  try {
    return { server: server.id, pid: await server.start(mayGo) };
  } catch (cause) {
    throw spawnProblem(server.id, cause);
  }
}
