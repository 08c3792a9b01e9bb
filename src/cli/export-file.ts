/** The place of an export. An existing file is overwritten only on request, and only when it is a regular file. */
import { lstat, realpath, stat } from 'node:fs/promises';
import type { SentenceKey } from './words.ts';

/** The file to write, or a sentence with the reason why nothing is written. */
export type ExportPlace =
  | { readonly ok: true; readonly file: string }
  | { readonly ok: false; readonly problem: Extract<SentenceKey, 'exists' | 'notOverwritten'> };

/**
 * Checks an existing file. A symbolic link stays, and the export is written to its target.
 *
 * @param out  absolute path
 */
export async function placeFor(out: string, force: boolean): Promise<ExportPlace> {
  const found = await lstat(out).catch(() => null);
  if (found === null) return { ok: true, file: out };
  if (!force) return { ok: false, problem: 'exists' };
  const target = await stat(out).catch(() => null);
  if (target?.isFile() !== true) return { ok: false, problem: 'notOverwritten' };
  return { ok: true, file: found.isSymbolicLink() ? await realpath(out) : out };
}
