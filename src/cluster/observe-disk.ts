/**
 * Reads the files of a dead server for the lab's own record, because the server may have written more than it reported.
 * The result is noted before the server may start again, because the next life changes the files. Flow: server-process
 * → here.
 */
import { GENESIS_CHAIN } from '../core/raft/index.ts';
import type { LabEvent } from '../core/trace/index.ts';
import type { ServerId } from '../core/wire/index.ts';
import { readDisk } from './disk/disk-reader.ts';

/** Reads the folder of a server that has ended and notes `DiskObserved`. Notes problems as well, and never throws. */
export async function observeDisk(of: {
  readonly server: ServerId;
  readonly folder: string;
  readonly life: number;
  /**
   * Whether the server was ever ready. A server that was not may have died before its first write, so an empty folder
   * is its true state.
   */
  readonly everReady: boolean;
  readonly note: (event: LabEvent) => void;
}): Promise<void> {
  const about = { event: 'DiskObserved', server: of.server, ofLife: of.life } as const;
  try {
    const { stateText, term, votedFor, lastIndex, chain, tornBytes, problems } = await readDisk(of.folder, false);
    // Without state.json the server never started, so no other file in the folder counts.
    if (stateText === '' && !of.everReady) return of.note({ ...about, ok: true, ...NOTHING, message: '' });
    const ok = problems.length === 0 && term !== null && chain !== null;
    const found = { term: term ?? 0, votedFor, lastIndex, chain: chain ?? GENESIS_CHAIN, tornBytes };
    of.note({ ...about, ok, ...found, message: ok ? '' : problems.join('; ') });
  } catch (cause) {
    of.note({ ...about, ok: false, ...NOTHING, message: `cannot be read: ${(cause as Error).message}` });
  }
}

/** Facts of a disk that the server never wrote to. */
const NOTHING = { term: 0, votedFor: null, lastIndex: 0, chain: GENESIS_CHAIN, tornBytes: 0 } as const;
