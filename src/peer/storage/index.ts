/** The public interface of storage for the driver: loading, writing, and errors. */
export { announcedDisk } from './announced-disk.ts';
export { StorageDamaged, StorageFailed } from './damage.ts';
export { type Disk, type OpenFile, realDisk } from './disk.ts';
export { type DeadlyDisk, deadlyDisk } from './failpoint.ts';
export { lowdbStorage } from './lowdb-storage.ts';
export { type HeldFile, patientDisk } from './patient-disk.ts';
export type { Loaded, RaftStorage, SealedSegment } from './types.ts';
