/**
 * A process that could not be spawned, with a reason that a person can act on. The system reports ENOENT both for a
 * missing executable and for a missing working folder, so this file finds out which one is missing. Flow: child.ts
 * throws a `SpawnFailed`; `spawnProblem` makes it an error of the lab.
 */
import { existsSync } from 'node:fs';
import { LabProblem } from '../../core/lab-api/lab-problem.ts';

/** The failed start of a process. */
export class SpawnFailed extends Error {
  /** The error that a person reads. @param server  id of the process, or `network` */
  readonly problemOf: (server: string) => LabProblem;

  /** @param tried  the executable and the working folder, one of which is missing when the system reports ENOENT */
  constructor(cause: NodeJS.ErrnoException, tried: { readonly program: string; readonly folder: string }) {
    super(cause.message, { cause });
    this.name = 'SpawnFailed';
    const errno = cause.code ?? cause.message;
    const isMissing = errno === 'ENOENT';
    if (isMissing && !existsSync(tried.folder)) {
      this.problemOf = (server) => new LabProblem('folder-gone', { server, path: tried.folder });
    } else if (isMissing && !existsSync(tried.program)) {
      this.problemOf = (server) => new LabProblem('node-gone', { server, path: tried.program });
    } else if (errno === 'EMFILE' || errno === 'ENFILE') {
      this.problemOf = () => new LabProblem('too-many-files', { errno });
    } else {
      this.problemOf = (server) => new LabProblem('spawn-failed', { server, errno });
    }
  }
}

/**
 * Returns the error that a person reads for a process that could not be started.
 *
 * @param server  its id, or `network`
 */
export function spawnProblem(server: string, cause: unknown): LabProblem {
  if (cause instanceof LabProblem) return cause;
  if (cause instanceof SpawnFailed) return cause.problemOf(server);
  return new LabProblem('spawn-failed', { server, errno: (cause as NodeJS.ErrnoException).code ?? String(cause) });
}
