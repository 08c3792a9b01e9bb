/** Starts servers, one or all together. A failed start becomes an error that names the server. */
import type { ServerId } from '../core/wire/index.ts';
import { spawnProblem } from './processes/spawn-failed.ts';
import type { ServerProcess } from './server-process.ts';
import { atMost, type Deferred } from './waiting.ts';

/**
 * Maximum wait for all servers of a new run, milliseconds. They begin to tick together, so that all take part in the
 * first election.
 */
const TOGETHER_WITHIN_MS = 10_000;

/**
 * Spawns servers. Their ticks begin when all are ready, or after 10 s.
 *
 * @param together  resolved when the ticks may begin
 * @returns once they are spawned
 * @throws LabProblem busy, or one of spawnProblem
 */
export async function launchTogether(servers: readonly ServerProcess[], together: Deferred<void>): Promise<void> {
  const launched = servers.map((server) => launch(server, together.promise));
  const settled = Promise.all(servers.map((server) => server.settled));
  void atMost(TOGETHER_WITHIN_MS, settled).then(() => together.resolve());
  await Promise.all(launched);
}

/**
 * Spawns one server.
 *
 * @param mayGo  the server's ticks begin when this settles
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
