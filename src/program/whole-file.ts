/**
 * Writes a file that appears whole or not at all, such as an export of the window or the terminal. The bytes are
 * written to a temporary file beside it, made durable, and then moved into place.
 */
import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { whenFree } from './held-files.ts';

/** Error codes of file systems without hard links (FAT, some network and FUSE mounts). */
const NO_LINKS: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EINVAL',
  'EMLINK',
]);

/** `flush` makes the file durable before its stream closes it. */
const NEW_FILE = { flags: 'wx', mode: 0o600, flush: true } as const;

/**
 * Writes a file, readable by this user only. A failure leaves nothing behind.
 *
 * @param file  absolute path
 * @param overwrite  whether an existing file is replaced
 * @param makeLink  replaced by tests
 * @returns false when a file exists that may not be replaced, even one created during the call
 * @throws the error of the file system, or of `bytes`
 */
export async function writeWholeFile(
  bytes: Readable,
  file: string,
  { overwrite, makeLink = link }: { readonly overwrite: boolean; readonly makeLink?: typeof link },
): Promise<boolean> {
  const part = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.part`);
  try {
    await pipeline(bytes, createWriteStream(part, NEW_FILE));
    if (overwrite) await whenFree(() => rename(part, file));
    else return await moveToNew(part, file, makeLink);
    return true;
  } finally {
    await rm(part, { force: true });
  }
}

/**
 * Moves the file without replacing another one. Link and copy fail with EEXIST; a rename would replace the other file.
 */
async function moveToNew(part: string, file: string, makeLink: typeof link): Promise<boolean> {
  try {
    await makeLink(part, file).catch(async (problem: NodeJS.ErrnoException) => {
      if (!NO_LINKS.has(problem.code)) throw problem;
      await copyToNew(part, file);
    });
    return true;
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw problem;
  }
}

/** Copies the file, and removes a half-made copy. @throws EEXIST when the target exists */
async function copyToNew(part: string, file: string): Promise<void> {
  const target = createWriteStream(file, NEW_FILE);
  let isOurs = false;
  target.once('open', () => {
    isOurs = true;
  });
  try {
    await pipeline(createReadStream(part), target);
  } catch (problem) {
    if (isOurs) await rm(file, { force: true });
    throw problem;
  }
}
