/**
 * A leader counts an entry as committed only when a majority has it on disk and has acknowledged it (paper §5.3,
 * §5.4.2; rules L1, E8). If the network reported everything, an acknowledgement that it did not carry does not count. A
 * server held the entry in time when it appended it in a term not higher than the commit's. A server that got the entry
 * only from a later leader does not count. Terms serve as the clock, so no wall clock can mislead this judge.
 *
 * For a server that was killed before it could report, its files (`DiskObserved`) count, and its acknowledgements on
 * the wire to the leader of that term. Only the end of the run shows that it acknowledged nothing.
 */
import type { Named } from '../trace/index.ts';
import { factBytes } from './bytes.ts';
import { CommitEvidence } from './commit-evidence.ts';
import type { Acknowledged, CountedEntry } from './disk-history.ts';
import { joined } from './handlers.ts';
import type { Pieces } from './pieces.ts';
import type { Ground, Property } from './property.ts';
import { Queue } from './queue.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const QUORUM_OF_DISKS_RULE = '§5.3, §5.4.2';

interface Commit extends CountedEntry {
  readonly proof: Proof;
}

const MOST_OPEN = 20_000;
/** Number of open commits checked after an event. New commits are fewer, so an open one does not delay the others. */
const LOOKED_AT = 4;

export function quorumOfDisks(account: Account, { servers, tree }: Ground): Property {
  const evidence = new CommitEvidence(servers, tree);
  const open = new Queue<Commit>();

  /** Checks the first waiting commits. A commit that stays open goes behind the others. */
  function settleSome(): void {
    for (let looks = Math.min(LOOKED_AT, open.size); looks > 0; looks -= 1) {
      const commit = open.shift();
      if (commit !== undefined && !isSettled(commit, 'so-far')) open.push(commit);
    }
  }

  /** Settles all waiting commits at the end of the run. */
  function* settlingAll(): Pieces<void> {
    const acks = evidence.atEnd(account.hasUnknown);
    for (let commit = open.shift(); commit !== undefined; commit = open.shift()) {
      if (!isSettled(commit, acks)) account.unknown('still-open');
      yield;
    }
  }

  /** Whether it is known that a majority held the entry and acknowledged it, or that no majority did. */
  function isSettled(commit: Commit, acks: Acknowledged): boolean {
    const standing = evidence.of(commit, acks, account.hasUnknown);
    if (standing === 'open') return false;
    account.examined();
    if (standing === 'held') return true;
    const { server, term, to: index, proof } = commit;
    account.broken({ server, term, index, holders: standing, servers: servers.length }, [proof]);
    return true;
  }

  function counted(event: Named<'CommitAdvanced'>): void {
    const { source: server, term, to, chain } = event;
    open.push({ server, term, to, chain, proof: proofOf(event) });
    if (open.size <= MOST_OPEN) return;
    const longest = open.shift();
    if (longest !== undefined && !isSettled(longest, 'so-far')) account.unknown('too-many-open');
  }

  return {
    account,
    handlers: joined(evidence.handlers(settleSome), {
      CommitAdvanced(event) {
        if (event.reason !== 'quorum') return;
        counted(event);
        settleSome();
      },
    }),
    gap: (source) => evidence.gap(source),
    finishing: settlingAll,
    keptBytes: () => evidence.size * factBytes({ names: 1 }) + open.size * factBytes({ proofs: 1, names: 1 }),
  };
}
