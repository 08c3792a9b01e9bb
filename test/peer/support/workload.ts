/** Random batches such as a Raft server writes, and a model of the state that the disk must hold after each of them. */
import { chainOf, GENESIS_CHAIN } from '../../../src/core/raft/index.ts';
import type { Persist } from '../../../src/core/raft/ready.ts';
import type { RestoredState } from '../../../src/core/raft/state.ts';
import type { LogEntry, Term, WireEntry } from '../../../src/core/vocabulary/index.ts';
import type { Random } from '../../helpers/random.ts';

export const NOTHING: RestoredState = { currentTerm: 0, votedFor: null, entries: [] };

/** Returns the contents of the disk after a batch, which both storages must match. */
export function applied(state: RestoredState, { hardState, truncateFrom, entries }: Persist): RestoredState {
  const kept = truncateFrom === null ? state.entries : state.entries.slice(0, truncateFrom - 1);
  const { currentTerm, votedFor } = hardState ?? state;
  return { currentTerm, votedFor, entries: [...kept, ...entries] };
}

/** Returns `count` entries of one term that continue `log`; each value has `bytes` bytes. */
export function entriesAfter(
  log: readonly LogEntry[],
  { count, term, bytes = 20 }: { readonly count: number; readonly term: Term; readonly bytes?: number },
): LogEntry[] {
  const entries: LogEntry[] = [];
  let chain = log.at(-1)?.chain ?? GENESIS_CHAIN;
  for (let number = 0; number < count; number += 1) {
    const index = log.length + number + 1;
    const command = { op: 'set', key: `k${index % 7}`, value: `${index}é`.padEnd(bytes, 'x') };
    const wire: WireEntry = { type: 'command', session: 1, sequence: index, command, index, term };
    chain = chainOf(chain, wire);
    entries.push({ ...wire, chain });
  }
  return entries;
}

/**
 * Returns a batch that a server in `state` may write next.
 *
 * @param commitIndex  entries at or below it are not truncated
 */
export function randomPersist(state: RestoredState, random: Random, commitIndex: number): Persist {
  const isNewTerm = state.currentTerm === 0 || random.chance(0.3);
  const currentTerm = state.currentTerm + (isNewTerm ? 1 + random.below(2) : 0);
  const hardState = isNewTerm ? { currentTerm, votedFor: random.chance(0.5) ? 'S2' : null } : null;
  const last = state.entries.length;
  const canTruncate = last > commitIndex && isNewTerm && random.chance(0.5);
  const truncateFrom = canTruncate ? commitIndex + 1 + random.below(last - commitIndex) : null;
  const kept = truncateFrom === null ? state.entries : state.entries.slice(0, truncateFrom - 1);
  const count = random.chance(0.2) ? 0 : 1 + random.below(4);
  return {
    hardState,
    truncateFrom,
    entries: entriesAfter(kept, { count, term: currentTerm, bytes: 4 + random.below(700) }),
  };
}
