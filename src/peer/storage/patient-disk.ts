/**
 * A disk whose calls wait for a file that another program holds for a moment: what would end the server for good is a
 * pause, and an event that says so. The server stands still meanwhile, as with a slow disk.
 */
import { type Held, whenFreeSync } from '../../program/held-files.ts';
import type { Disk } from './disk.ts';

/** A call that was let through in the end. */
export interface HeldFile extends Held {
  /** Below the server's folder, with `/`. */
  readonly file: string;
}

/**
 * Appends, flushes and cuts are on a file that is open already: nobody can hold that, and a second write is another write.
 *
 * @param onHeld  told after a call that had been refused
 * @param wait  stands still for so many milliseconds
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
