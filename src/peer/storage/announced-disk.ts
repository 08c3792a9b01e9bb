/**
 * A disk that announces writes: what stops the whole process for as long as the disk wants is told before it begins.
 * The driver announces the write of a step itself, with the frame it sends anyway; sealing and checkpoints are told here.
 */
import type { Disk, OpenFile } from './disk.ts';

/** @param onWrite  called before each append and each new file; several calls may belong to one write */
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
