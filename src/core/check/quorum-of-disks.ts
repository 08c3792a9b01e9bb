/**
 * A leader counts an entry committed only when a majority has it on disk (paper §5.3, §5.4.2; rules L1, E8). A server had
 * it in time when it appended it in a term not higher than the commit's: who got it only from a later leader is no
 * witness. Terms are the clock here: a judge that needs no other cannot be fooled by one. A server
 * that died before it could tell is spoken for by its files (`DiskObserved`), and by what it acknowledged on the wire to the
 * leader of that term; that one acknowledged nothing is known when the run is over.
 */
import type { EventName, TraceEvent } from '../trace/index.ts';
import { factBytes } from './bytes.ts';
import { type Acknowledged, type CountedEntry, DiskHistory, type Tip } from './disk-history.ts';
import type { EntryTree } from './entry-tree.ts';
import { NetworkWitness, TELLS_NETWORK_ENDS } from './network-witness.ts';
import type { Ground, Property } from './property.ts';
import { Queue } from './queue.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const QUORUM_OF_DISKS_RULE = '§5.3, §5.4.2';

/**
 * What servers say of their disks, terms and commits; proposals and elections, with which the tree of entries grows;
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
  const disks = new Map<string, DiskHistory>(servers.map((id) => [id, new DiskHistory()]));
  const majority = Math.floor(servers.length / 2) + 1;
  const open = new Queue<Commit>();
  const network = new NetworkWitness();

  /** Looks at the first of those that wait; one that stays open goes behind the others. */
  function settle(acks: Acknowledged, most = open.size): void {
    for (let looks = Math.min(most, open.size); looks > 0; looks -= 1) {
      const commit = open.shift();
      if (commit === undefined || isSettled(commit, acks)) continue;
      if (acks === 'so-far') open.push(commit);
      else account.unknown('still-open');
    }
  }

  /** Whether a majority is known to hold it, or known not to. */
  function isSettled(commit: Commit, acks: Acknowledged): boolean {
    const { holders, silent } = holdersOf(commit, [...disks.values()], tree, acks);
    if (holders < majority) {
      if (holders + silent >= majority || tree.find(commit.chain, commit.to) === undefined) return false;
      const { server, term, to } = commit;
      account.broken({ server, term, index: to, holders, servers: servers.length }, [commit.proof]);
    }
    account.examined();
    return true;
  }

  function counted(event: Extract<TraceEvent, { readonly event: 'CommitAdvanced' }>): void {
    const { source, term, to, chain } = event;
    open.push({ server: source, term, to, chain, proof: proofOf(event) });
    if (open.size <= MOST_OPEN) return;
    const longest = open.shift();
    if (longest !== undefined && !isSettled(longest, 'so-far')) account.unknown('too-many-open');
  }

  /** @returns whether a commit that waits may be settled by it */
  function hear(event: TraceEvent): boolean {
    // What settles an acknowledgement follows it: the next life's word, or the end of the run.
    if (event.event === 'MessageSent') acknowledged(event, disks);
    network.observe(event);
    if (event.event === 'DiskObserved') {
      const { ok, server, term, chain, lastIndex: index } = event;
      if (ok) disks.get(server)?.observe({ term, chain, index });
      return ok;
    }
    // The tree of entries has grown.
    if (event.event === 'EntriesProposed' || event.event === 'LeaderElected') return true;
    const disk = disks.get(event.source);
    if (disk === undefined) return false;
    const hasSaid = hearServer(event, disk);
    const isCounted = event.event === 'CommitAdvanced' && event.reason === 'quorum';
    if (isCounted) counted(event);
    return isCounted || hasSaid;
  }

  return {
    account,
    observe(event: TraceEvent) {
      if (hear(event)) settle('so-far', LOOKED_AT);
    },
    gap: (source) => disks.get(source)?.breakOff(),
    finish: () => settle(network.mayMiss(true) || account.hasUnknown ? 'some-lost' : 'all'),
    keptBytes() {
      const tips = [...disks.values()].reduce((sum, { size }) => sum + size, 0);
      return tips * factBytes({ names: 1 }) + open.size * factBytes({ proofs: 1, names: 1 });
    },
  };
}

function acknowledged(
  { link, rpc, kind, term, success, matchIndex: index = 0 }: Extract<TraceEvent, { readonly event: 'MessageSent' }>,
  disks: ReadonlyMap<string, DiskHistory>,
): void {
  if (rpc !== 'AppendEntries' || kind !== 'reply' || success !== true || term === null) return;
  const [server = '', leader = ''] = link.split('>');
  disks.get(server)?.acknowledged({ term, leader, index });
}

/** How many disks held it in time, and of how many it is not known yet. */
function holdersOf(
  commit: Commit,
  disks: readonly DiskHistory[],
  tree: EntryTree,
  acks: Acknowledged,
): { readonly holders: number; readonly silent: number } {
  const answers = disks.map((disk) => disk.held(commit, tree, acks));
  const count = (which: boolean | null): number => answers.filter((answer) => answer === which).length;
  return { holders: count(true), silent: count(null) };
}

/** @returns whether it says something of its disk or term */
function hearServer(event: TraceEvent, disk: DiskHistory): boolean {
  if (event.event === 'StateRestored') disk.breakOff();
  const next = tipIn(event, disk);
  if (next !== null) disk.add(next, event.event !== 'EntriesTruncated');
  if (event.event === 'TermAdvanced') disk.says(event.term);
  return next !== null || event.event === 'TermAdvanced';
}

/** What a server says of its disk; null when it says nothing. */
function tipIn(event: TraceEvent, disk: DiskHistory): Tip | null {
  switch (event.event) {
    case 'EntriesAppended':
      return { term: event.term, chain: event.chain, index: event.last };
    case 'StateRestored':
      return { term: event.term, chain: event.chain, index: event.lastIndex };
    case 'EntriesTruncated':
      return { term: event.term, chain: disk.chain(), index: event.from - 1 };
    default:
      return null;
  }
}
