/**
 * A disk on which the server can be made to die in the middle of a write, after half of the bytes. A SIGKILL from
 * outside would meet that moment only by chance.
 */
import type { Disk, OpenFile } from './disk.ts';

/** The disk, and the call that arms it. */
export interface DeadlyDisk {
  readonly disk: Disk;
  /** Lets the process die within its next append. */
  dieInNextWrite(): void;
}

/** Wraps a disk. @param die  ends the process and does not return */
export function deadlyDisk(disk: Disk, die: () => void): DeadlyDisk {
  let isArmed = false;

  function deadly(file: OpenFile): OpenFile {
    return {
      ...file,
      append(bytes) {
        if (!isArmed) return file.append(bytes);
        file.append(bytes.subarray(0, bytes.length >> 1));
        file.sync();
        die();
      },
    };
  }

  return {
    disk: { ...disk, create: (path) => deadly(disk.create(path)), open: (path) => deadly(disk.open(path)) },
    dieInNextWrite() {
      isArmed = true;
    },
  };
}
