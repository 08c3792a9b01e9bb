/** The system's folder for temporary files, the same for every program. */
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';

/** The folder for temporary files. Absolute also where TMPDIR is relative. */
export function temporaryRoot(): string {
  return resolve(tmpdir());
}
