/** Gives a file its content whole or not at all: a temporary beside it, then a rename. Used for everything but appends. */
import type { Disk } from './disk.ts';
import { temporaryPath } from './layout.ts';

/**
 * The file has the new content, or after a crash the old one. Its name is durable only after `syncFolder`, which is
 * the caller's so that several files share one.
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
