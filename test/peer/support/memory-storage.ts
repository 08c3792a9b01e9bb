/** The storage contract in its simplest form, with an object as the disk that outlives the storage. */
import type { RestoredState } from '../../../src/core/raft/state.ts';
import { type RaftStorage, SEAL_ENTRIES, type SealedSegment } from '../../../src/peer/storage/types.ts';
import { applied, NOTHING } from './workload.ts';

export interface MemoryDisk {
  state: RestoredState | null;
  sealedLast: number;
}

export function memoryStorage(disk: MemoryDisk): RaftStorage {
  return {
    load: async () => {
      const isFirstStart = disk.state === null;
      disk.state ??= NOTHING;
      return { state: disk.state, isFirstStart, tornTail: null };
    },
    write: async (persist) => {
      disk.state = applied(disk.state ?? NOTHING, persist);
    },
    seal: async (commitIndex) => {
      const sealed: SealedSegment[] = [];
      const last = Math.min(commitIndex, disk.state?.entries.length ?? 0);
      if (last - disk.sealedLast >= SEAL_ENTRIES) {
        const first = disk.sealedLast + 1;
        sealed.push({ file: `log/${first}.json`, first, last });
        disk.sealedLast = last;
      }
      return sealed;
    },
    checkpoint: async () => undefined,
    close: async () => undefined,
  };
}
