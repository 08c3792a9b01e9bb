/**
 * A disk on which the server dies in the middle of a write: half of the bytes are there, and then there is no process.
 * What SIGKILL from outside only hits by luck, on order.
 */
import type { Disk, OpenFile } from './disk.ts';

/** The disk, and how to order the death. */
export interface DeadlyDisk {
  readonly disk: Disk;
  /** The next append is the last thing this process does. */
  dieInNextWrite(): void;
}

/** @param die  ends the process and does not return */
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
