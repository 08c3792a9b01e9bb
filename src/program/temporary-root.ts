/** The system's folder for temporary files, the same for every program. */
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';

/** Returns the folder for temporary files, as an absolute path even when TMPDIR is relative. */
export function temporaryRoot(): string {
  return resolve(tmpdir());
}
