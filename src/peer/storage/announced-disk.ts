/**
 * A disk that announces each write before it begins, because a write blocks the whole process. The driver itself
 * announces the write of a step, in a frame that it sends anyway. This decorator announces sealing and checkpoints.
 */
import type { Disk, OpenFile } from './disk.ts';

/**
 * Wraps a disk.
 *
 * @param onWrite  called before each append and each new file; several calls may belong to one write
 */
export function announcedDisk(disk: Disk, onWrite: () => void): Disk {
  const announced = (file: OpenFile): OpenFile => ({
    ...file,
    append(bytes) {
      onWrite();
      file.append(bytes);
    },
  });
  return {
    ...disk,
    create(path) {
      onWrite();
      return announced(disk.create(path));
    },
    open: (path) => announced(disk.open(path)),
  };
}
