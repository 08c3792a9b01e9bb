/** Turns any error thrown in the lab into the error that a door receives. Flow: dispatcher → here → LabError. */
import type { LabError } from '../core/lab-api/index.ts';
import { LabProblem } from '../core/lab-api/lab-problem.ts';

/** The system's codes for a refused write: the disk is full or broken, or permission is missing. */
const UNWRITABLE: ReadonlySet<string> = new Set([
  ...['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EFBIG'],
  ...['EACCES', 'EPERM', 'EBUSY', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENAMETOOLONG', 'ENOENT'],
]);

/**
 * Turns any thrown value into the error that a door receives. File-system errors become `cannot-write` or
 * `too-many-files`, others `lab-failed`.
 *
 * @param folder  the path that is named when the system's error names no file, as for a full disk
 */
export function labErrorOf(cause: unknown, folder: string): LabError {
  if (cause instanceof LabProblem) return cause.error;
  const { code, path = folder, message } = cause as NodeJS.ErrnoException;
  if (code === 'EMFILE' || code === 'ENFILE') return new LabProblem('too-many-files', { errno: code }).error;
  if (code !== undefined && UNWRITABLE.has(code)) return new LabProblem('cannot-write', { path, errno: code }).error;
  return new LabProblem('lab-failed', { detail: withoutStop(message ?? String(cause)) }).error;
}

/** Removes the full stop at the end of a text, because the sentence of `lab-failed` has its own. */
function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}
