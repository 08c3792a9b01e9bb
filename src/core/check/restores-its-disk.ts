/**
 * A server restores the contents of its files. Term, vote, last index and chain of `StateRestored` equal those of the
 * newest observation of its files after its last life (paper Figure 2, persistent state; §3.8; rule E7). A server that
 * forgets its vote at the start breaks no promise yet, but may vote twice later. Flow: files → lab's `DiskObserved` →
 * here ← server.
 */
import { BoundedMap } from './bounded-map.ts';
import { factBytes } from './bytes.ts';
import type { Property } from './property.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const RESTORES_ITS_DISK_RULE = 'Figure 2, persistent state; §3.8; rule E7';

interface Stored {
  readonly term: number;
  readonly vote: string | null;
  readonly lastIndex: number;
  readonly chain: string;
  readonly proof: Proof;
}

/** Facts known about the start of one life. */
interface Start {
  /** The newest observation of the files of the life before; null when none was made. */
  held: Stored | 'unreadable' | null;
  restored: Stored | null;
  /** Whether the lab has spawned this life, so no further observation of the files before it will come. */
  isSpawned: boolean;
  isJudged: boolean;
}

const MOST_STARTS = 20_000;
const NONE = '–';

export function restoresItsDisk(account: Account): Property {
  const starts = new BoundedMap<string, Start>(MOST_STARTS);

  function startOf(server: string, life: number): Start {
    const key = `${server}.${life}`;
    const known = starts.get(key);
    if (known !== undefined) return known;
    const start: Start = { held: null, restored: null, isSpawned: false, isJudged: false };
    starts.set(key, start);
    return start;
  }

  function judge(server: string, start: Start): void {
    const { held, restored, isSpawned, isJudged } = start;
    if (held === null || restored === null || !isSpawned || isJudged) return;
    start.isJudged = true;
    if (held === 'unreadable') {
      account.unknown('lost-events');
      return;
    }
    account.examined();
    if (isSame(held, restored)) return;
    const params = {
      ...{ server, term: restored.term, vote: restored.vote ?? NONE, index: restored.lastIndex },
      ...{ fileTerm: held.term, fileVote: held.vote ?? NONE, fileIndex: held.lastIndex },
    };
    account.broken(params, [held.proof, restored.proof]);
  }

  return {
    account,
    handlers: {
      DiskObserved(event) {
        const { server, ofLife, ok, term, votedFor: vote, lastIndex, chain } = event;
        startOf(server, ofLife + 1).held = ok ? { term, vote, lastIndex, chain, proof: proofOf(event) } : 'unreadable';
      },
      ServerSpawned(event) {
        const start = startOf(event.server, event.ofLife);
        start.isSpawned = true;
        judge(event.server, start);
      },
      StateRestored(event) {
        const { source, life, term, votedFor: vote, lastIndex, chain } = event;
        const start = startOf(source, life);
        start.restored = { term, vote, lastIndex, chain, proof: proofOf(event) };
        judge(source, start);
      },
    },
    keptBytes: () => starts.size * factBytes({ proofs: 2, names: 3, records: 3 }),
  };
}

function isSame(held: Stored, restored: Stored): boolean {
  return (
    held.term === restored.term &&
    held.vote === restored.vote &&
    held.lastIndex === restored.lastIndex &&
    held.chain === restored.chain
  );
}
