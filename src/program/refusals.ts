/**
 * System calls that the machine refuses, because no more files can be opened or the disk is full, broken or read-only.
 * A program cannot continue after such a refusal, but a person can remove its cause.
 */

/**
 * Returns half a sentence of advice.
 *
 * @param name  the thing a person starts again, such as `the server`
 */
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

/** Advice for codes that unrelated calls return as well. */
const HELD_FILES: Readonly<Record<string, Remedy>> = { EPERM: held, EACCES: held, EBUSY: held };

/** True when the machine refused a call for lack of open files or of a disk that can be written. */
export function isRefusal(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && String(error.code) in REFUSALS;
}

/**
 * Returns half a sentence about what a person can do about this error code.
 *
 * @param name  the thing to start again afterwards, such as `the server`
 */
export function remedyFor(code: string, name: string): string {
  return (REFUSALS[code] ?? HELD_FILES[code] ?? disk)(name);
}
