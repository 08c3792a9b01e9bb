/**
 * A disk that retries a call while another program holds the file. So the server pauses, as with a slow disk, and
 * reports an event instead of ending.
 */
import { type Held, whenFreeSync } from '../../program/held-files.ts';
import type { Disk } from './disk.ts';

/** A call that succeeded after retries. */
export interface HeldFile extends Held {
  /** Path below the server's folder, with `/`. */
  readonly file: string;
}

/**
 * Wraps a disk so that calls which name a file or a folder are retried. Appends, flushes and truncations are not
 * retried: their file is already open, so no other program can hold it, and a repeated append would write twice.
 *
 * @param onHeld  called after a retried call has succeeded
 * @param wait  blocks the thread for the given number of milliseconds
 */
export function patientDisk(disk: Disk, onHeld: (held: HeldFile) => void, wait?: (ms: number) => void): Disk {
  const attempt = <Value>(file: string, act: () => Value): Value =>
    whenFreeSync(act, (held) => onHeld({ file, ...held }), wait);
  return {
    ...disk,
    list: (folder) => attempt(folder, () => disk.list(folder)),
    read: (path) => attempt(path, () => disk.read(path)),
    makeFolder: (folder) => attempt(folder, () => disk.makeFolder(folder)),
    create: (path) => attempt(path, () => disk.create(path)),
    open: (path) => attempt(path, () => disk.open(path)),
    rename: (from, to) => attempt(to, () => disk.rename(from, to)),
    remove: (path) => attempt(path, () => disk.remove(path)),
  };
}
