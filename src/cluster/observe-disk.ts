/**
 * Reads the files of a dead server as the lab's own witness: the server may have written more than it reported. Noted
 * before the server may start again, because the next life changes the files. Flow: server-process → here.
 */
import { GENESIS_CHAIN } from '../core/raft/index.ts';
import type { LabEvent } from '../core/trace/index.ts';
import type { ServerId } from '../core/wire/index.ts';
import { readDisk } from './disk/disk-reader.ts';

/** Reads the folder of a server that has ended and notes `DiskObserved`. A problem is noted too; never throws. */
export async function observeDisk(of: {
  readonly server: ServerId;
  readonly folder: string;
  readonly life: number;
  /** False: the server may have died before it wrote anything, and an empty folder is its true state. */
  readonly everReady: boolean;
  readonly note: (event: LabEvent) => void;
}): Promise<void> {
  const about = { event: 'DiskObserved', server: of.server, ofLife: of.life } as const;
  try {
    const { stateText, term, votedFor, lastIndex, chain, tornBytes, problems } = await readDisk(of.folder, false);
    // Without state.json the server never started, so nothing else in the folder was ever relied on.
    if (stateText === '' && !of.everReady) return of.note({ ...about, ok: true, ...NOTHING, message: '' });
    const ok = problems.length === 0 && term !== null && chain !== null;
    const found = { term: term ?? 0, votedFor, lastIndex, chain: chain ?? GENESIS_CHAIN, tornBytes };
    of.note({ ...about, ok, ...found, message: ok ? '' : problems.join('; ') });
  } catch (cause) {
    of.note({ ...about, ok: false, ...NOTHING, message: `cannot be read: ${(cause as Error).message}` });
  }
}

/** The disk of a server that never wrote. */
const NOTHING = { term: 0, votedFor: null, lastIndex: 0, chain: GENESIS_CHAIN, tornBytes: 0 } as const;
