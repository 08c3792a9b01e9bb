/**
 * A process that could not be spawned, with a reason a person can act on. The system reports ENOENT for a missing
 * executable and for a missing working folder alike. Flow: child.ts throws a `SpawnFailed`, `spawnProblem` makes it an
 * error of the lab.
 */
import { existsSync } from 'node:fs';
import { LabProblem } from '../../core/lab-api/lab-problem.ts';

/** The reason as an error code, with its parameters. */
export class SpawnFailed extends Error {
  readonly reason: 'node-gone' | 'folder-gone' | 'too-many-files' | 'spawn-failed';
  readonly params: Readonly<Record<string, string>>;

  /** @param tried  the executable and the working folder: the system says ENOENT for both */
  constructor(cause: NodeJS.ErrnoException, tried: { readonly program: string; readonly folder: string }) {
    super(cause.message, { cause });
    this.name = 'SpawnFailed';
    const errno = cause.code ?? cause.message;
    const isMissing = errno === 'ENOENT';
    if (isMissing && !existsSync(tried.folder)) {
      this.reason = 'folder-gone';
      this.params = { path: tried.folder };
    } else if (isMissing && !existsSync(tried.program)) {
      this.reason = 'node-gone';
      this.params = { path: tried.program };
    } else {
      this.reason = errno === 'EMFILE' || errno === 'ENFILE' ? 'too-many-files' : 'spawn-failed';
      this.params = { errno };
    }
  }
}

/**
 * The error that a person reads for a process that could not be started.
 *
 * @param server  its id, or `network`
 */
export function spawnProblem(server: string, cause: unknown): LabProblem {
  if (cause instanceof LabProblem) return cause;
  if (cause instanceof SpawnFailed) return new LabProblem(cause.reason, { server, ...cause.params });
  return new LabProblem('spawn-failed', { server, errno: (cause as NodeJS.ErrnoException).code ?? String(cause) });
}
