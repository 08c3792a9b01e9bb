/**
 * A leader counts an entry committed only when a majority has it on disk and has said so (paper §5.3, §5.4.2; rules L1, E8): an
 * acknowledgement that never crossed a network that reported everything was not counted by right. A server had
 * it in time when it appended it in a term not higher than the commit's: who got it only from a later leader is no
 * witness. Terms are the clock here: a judge that needs no other cannot be fooled by one. A server
 * that died before it could tell is spoken for by its files (`DiskObserved`), and by what it acknowledged on the wire to the
 * leader of that term; that one acknowledged nothing is known when the run is over.
 */
import type { EventName, TraceEvent } from '../trace/index.ts';
import { factBytes } from './bytes.ts';
import { CommitEvidence } from './commit-evidence.ts';
import type { Acknowledged, CountedEntry } from './disk-history.ts';
import { TELLS_NETWORK_ENDS } from './network-witness.ts';
import type { Pieces } from './pieces.ts';
import type { Ground, Property } from './property.ts';
import { Queue } from './queue.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const QUORUM_OF_DISKS_RULE = '§5.3, §5.4.2';

/**
 * Reports of servers about their disks, terms and commits; proposals and elections, with which the tree of entries grows;
 * acknowledgements, and whether the network may have carried some that it did not report.
 */
export const QUORUM_OF_DISKS_HEARS: readonly EventName[] = [
  ...(['DiskObserved', 'StateRestored', 'EntriesAppended', 'EntriesTruncated'] as const),
  ...(['TermAdvanced', 'CommitAdvanced', 'EntriesProposed', 'LeaderElected'] as const),
  'MessageSent',
  ...TELLS_NETWORK_ENDS,
];

interface Commit extends CountedEntry {
  readonly proof: Proof;
}

const MOST_OPEN = 20_000;
/** Open commits that are looked at when something is heard: more than come meanwhile, so one that stays open holds back none. */
const LOOKED_AT = 4;

export function quorumOfDisks(account: Account, { servers, tree }: Ground): Property {
  const evidence = new CommitEvidence(servers, tree);
  const open = new Queue<Commit>();

  /** Looks at the first of those that wait; one that stays open goes behind the others. */
  function settleSome(): void {
    for (let looks = Math.min(LOOKED_AT, open.size); looks > 0; looks -= 1) {
      const commit = open.shift();
      if (commit !== undefined && !isSettled(commit, 'so-far')) open.push(commit);
    }
  }

  /** The run is over. */
  function* settlingAll(): Pieces<void> {
    const acks = evidence.atEnd(account.hasUnknown);
    for (let commit = open.shift(); commit !== undefined; commit = open.shift()) {
      if (!isSettled(commit, acks)) account.unknown('still-open');
      yield;
    }
  }

  /** Whether a majority is known to have held it and said so, or known not to. */
  function isSettled(commit: Commit, acks: Acknowledged): boolean {
    const standing = evidence.of(commit, acks, account.hasUnknown);
    if (standing === 'open') return false;
    account.examined();
    if (standing === 'held') return true;
    const { server, term, to: index, proof } = commit;
    account.broken({ server, term, index, holders: standing, servers: servers.length }, [proof]);
    return true;
  }

  function counted(event: Extract<TraceEvent, { readonly event: 'CommitAdvanced' }>): void {
    const { source: server, term, to, chain } = event;
    open.push({ server, term, to, chain, proof: proofOf(event) });
    if (open.size <= MOST_OPEN) return;
    const longest = open.shift();
    if (longest !== undefined && !isSettled(longest, 'so-far')) account.unknown('too-many-open');
  }

  return {
    account,
    observe(event: TraceEvent) {
      const isNews = evidence.hear(event);
      const isCounted = event.event === 'CommitAdvanced' && event.reason === 'quorum';
      if (isCounted) counted(event);
      if (isNews || isCounted) settleSome();
    },
    gap: (source) => evidence.gap(source),
    finishing: settlingAll,
    keptBytes: () => evidence.size * factBytes({ names: 1 }) + open.size * factBytes({ proofs: 1, names: 1 }),
  };
}
