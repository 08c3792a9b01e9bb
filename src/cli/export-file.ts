/**
 * The destination of an export. The export is written beside it under another name and renamed when complete, so that an
 * incomplete file is never mistaken for a whole one. An existing file is overwritten only on request, and only when it is
 * a regular file.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { link, lstat, realpath, rename, rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { whenFree } from '../lab/index.ts';
import type { SentenceKey } from './words.ts';

/** The file to write, or the sentence that says why none is written. */
export type ExportPlace =
  | { readonly ok: true; readonly file: string }
  | { readonly ok: false; readonly problem: Extract<SentenceKey, 'exists' | 'notOverwritten'> };

/**
 * Checks an existing file. A symbolic link is kept: the export goes to the file it leads to.
 *
 * @param out  absolute
 */
export async function placeFor(out: string, force: boolean): Promise<ExportPlace> {
  const found = await lstat(out).catch(() => null);
  if (found === null) return { ok: true, file: out };
  if (!force) return { ok: false, problem: 'exists' };
  const target = await stat(out).catch(() => null);
  if (target?.isFile() !== true) return { ok: false, problem: 'notOverwritten' };
  return { ok: true, file: found.isSymbolicLink() ? await realpath(out) : out };
}

/** Error codes of file systems without hard links (FAT, some network and FUSE mounts). */
const NO_LINKS: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EINVAL',
  'EMLINK',
]);

/** @returns false when a file came there meanwhile that may not be overwritten */
export async function writeWhole(
  bytes: Readable,
  out: string,
  force: boolean,
  makeLink: typeof link = link,
): Promise<boolean> {
  const part = `${out}.${process.pid}.part`;
  try {
    await pipeline(bytes, createWriteStream(part, { flags: 'wx', mode: 0o600 }));
    if (force) await whenFree(() => rename(part, out));
    else await moveToNew(part, out, makeLink);
    return true;
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw problem;
  } finally {
    await rm(part, { force: true });
  }
}

/** A rename would overwrite what came there meanwhile; a link fails with EEXIST, as the copy does. */
async function moveToNew(part: string, out: string, makeLink: typeof link): Promise<void> {
  try {
    await makeLink(part, out);
  } catch (problem) {
    if (!NO_LINKS.has((problem as NodeJS.ErrnoException).code)) throw problem;
    await copyToNew(part, out);
  }
}

/** @throws EEXIST; half a copy is removed */
async function copyToNew(part: string, out: string): Promise<void> {
  const target = createWriteStream(out, { flags: 'wx', mode: 0o600 });
  let isOurs = false;
  target.once('open', () => {
    isOurs = true;
  });
  try {
    await pipeline(createReadStream(part), target);
  } catch (problem) {
    if (isOurs) await rm(out, { force: true });
    throw problem;
  }
}
