/**
 * System calls that the machine refuses: no more open files, or a disk that is full, broken or read-only. A program that
 * meets such a refusal cannot go on, wherever the call was made; a person can do something about it.
 */

/** Half a sentence of advice. @param name  of what a person starts again: `the server` */
type Remedy = (name: string) => string;

const openFiles: Remedy = (name) => `close other programs or raise the limit of open files, and start ${name} again`;
const held: Remedy = (name) =>
  'close the program that holds the file (a virus scanner, an indexer, a cloud folder) or keep it out of the data folder, ' +
  `look whether you may write there, and start ${name} again`;
const disk: Remedy = (name) => `free or repair the disk and start ${name} again`;

/** Advice for a person about a failed system call, by its error code. */
const REFUSALS: Readonly<Record<string, Remedy>> = {
  EMFILE: openFiles,
  ENFILE: openFiles,
  ENOSPC: disk,
  EDQUOT: disk,
  EIO: disk,
  EROFS: disk,
};

/** Advice about codes that also come from calls that have nothing to do with files. */
const HELD_FILES: Readonly<Record<string, Remedy>> = { EPERM: held, EACCES: held, EBUSY: held };

/** True when the machine refused a call for lack of open files or of a disk that can be written. */
export function isRefusal(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && String(error.code) in REFUSALS;
}

/**
 * Returns half a sentence: what a person can do about this error code.
 *
 * @param name  of what is to be started again afterwards: `the server`
 */
export function remedyFor(code: string, name: string): string {
  return (REFUSALS[code] ?? HELD_FILES[code] ?? disk)(name);
}
