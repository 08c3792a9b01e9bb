/** Starts one life of a server; what keeps it from starting becomes an answer that names the server. */
import type { ServerId } from '../../core/wire/index.ts';
import { LabProblem } from '../errors.ts';
import type { ServerProcess } from './server-process.ts';

/**
 * @param mayGo  its ticks begin when this settles
 * @throws LabProblem busy, spawn-failed
 */
export async function launch(
  server: ServerProcess,
  mayGo: Promise<void>,
): Promise<{ readonly server: ServerId; readonly pid: number }> {
  try {
    return { server: server.id, pid: await server.start(mayGo) };
  } catch (cause) {
    if (cause instanceof LabProblem) throw cause;
    const errno = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
    throw new LabProblem('spawn-failed', { server: server.id, errno });
  }
}
