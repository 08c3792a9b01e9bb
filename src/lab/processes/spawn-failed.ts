/**
 * A process that never came to be, with the reason a person can do something about. The system says ENOENT for a missing
 * executable and for a missing working folder alike. Flow: child.ts throws it, errors.ts turns it into an answer.
 */
import { existsSync } from 'node:fs';

/** Why, as a code of the contract with what a person must know. */
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
