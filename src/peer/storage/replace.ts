/**
 * Replaces a file's content whole or not at all, with a temporary file and a rename. Used for all writes except
 * appends.
 */
import type { Disk } from './disk.ts';
import { temporaryPath } from './layout.ts';

/**
 * Replaces the content. After a crash the file has either the old or the new content. The new name is durable only
 * after the caller's `syncFolder`, which several files can share.
 *
 * @param isDurable  false: same order, no fsync (`os-cache`)
 */
export function replaceFile(disk: Disk, path: string, content: Buffer, isDurable: boolean): void {
  const temporary = temporaryPath(path);
  const file = disk.create(temporary);
  file.append(content);
  if (isDurable) file.sync();
  file.close();
  disk.rename(temporary, path);
}
