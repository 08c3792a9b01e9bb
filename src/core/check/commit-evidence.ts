/**
 * Evidence of which servers held an entry when a leader counted it as committed. The evidence is what servers report
 * about their disks and terms, observations of their files, and their acknowledgements to that leader on the wire. A
 * leader may count only acknowledgements that it received. If the network reported everything, an acknowledgement that
 * it did not carry does not count, whatever the server reports about its disk.
 */
import type { Named } from '../trace/index.ts';
import { endsOf } from '../vocabulary/index.ts';
import type { ServerId } from '../wire/index.ts';
import { type Acknowledged, type CountedEntry, DiskHistory } from './disk-history.ts';
import type { EntryTree } from './entry-tree.ts';
import { type Handlers, joined } from './handlers.ts';
import { NetworkWitness } from './network-witness.ts';

/**
 * State of the evidence. `open`: undecided, because evidence may still come or is lost for good. `held`: a majority
 * held the entry in time. A number below the majority: how many disks held the entry, or how many servers acknowledged
 * it.
 */
export type Standing = 'open' | 'held' | number;

export class CommitEvidence {
  readonly #disks: ReadonlyMap<string, DiskHistory>;
  readonly #all: readonly DiskHistory[];
  readonly #majority: number;
  readonly #tree: EntryTree;
  readonly #network = new NetworkWitness();

  constructor(servers: readonly ServerId[], tree: EntryTree) {
    this.#disks = new Map(servers.map((id) => [id, new DiskHistory()]));
    this.#all = [...this.#disks.values()];
    this.#majority = Math.floor(servers.length / 2) + 1;
    this.#tree = tree;
  }

  /** Number of facts that are kept. */
  get size(): number {
    return this.#all.reduce((sum, { size }) => sum + size, 0);
  }

  /** Records that events of this server were lost. */
  gap(source: string): void {
    this.#disks.get(source)?.breakOff();
  }

  /**
   * Handlers of the evidence: reports of servers about their disks and terms, and the wire. Proposals and elections may add
   * entries to the tree.
   *
   * @param onNews  called after an event that may settle a waiting commit
   */
  handlers(onNews: () => void): Handlers {
    return joined(this.#network.handlers, {
      // A later event settles the acknowledgement: a report of the server's next life, or the end of the run.
      MessageSent: (event) => acknowledged(event, this.#disks),
      DiskObserved: ({ ok, server, term, chain, lastIndex: index }) => {
        if (!ok) return;
        this.#disks.get(server)?.observe({ term, chain, index });
        onNews();
      },
      EntriesProposed: onNews,
      LeaderElected: onNews,
      StateRestored: ({ source, term, chain, lastIndex: index }) => {
        const disk = this.#disks.get(source);
        if (disk === undefined) return;
        disk.breakOff();
        disk.add({ term, chain, index }, true);
        onNews();
      },
      EntriesAppended: ({ source, term, chain, last: index }) => {
        const disk = this.#disks.get(source);
        if (disk === undefined) return;
        disk.add({ term, chain, index }, true);
        onNews();
      },
      EntriesTruncated: ({ source, term, from }) => {
        const disk = this.#disks.get(source);
        if (disk === undefined) return;
        disk.add({ term, chain: disk.chain(), index: from - 1 }, false);
        onNews();
      },
      TermAdvanced: ({ source, term }) => {
        const disk = this.#disks.get(source);
        if (disk === undefined) return;
        disk.says(term);
        onNews();
      },
    });
  }

  /** Returns how complete the acknowledgements are when the run ends. @param isLost  evidence of any kind was lost */
  atEnd(isLost: boolean): Exclude<Acknowledged, 'so-far'> {
    return isLost || this.#network.mayMiss(true) ? 'some-lost' : 'all';
  }

  /** Returns the state of the evidence for a commit. @param isLost  evidence of any kind was lost */
  of(commit: CountedEntry, acks: Acknowledged, isLost: boolean): Standing {
    let holders = 0;
    let silent = 0;
    for (const disk of this.#all) {
      const answer = disk.held(commit, this.#tree, acks);
      if (answer === true) holders += 1;
      else if (answer === null) silent += 1;
    }
    if (holders < this.#majority) {
      const isOpen = holders + silent >= this.#majority || this.#tree.find(commit.chain, commit.to) === undefined;
      return isOpen ? 'open' : holders;
    }
    const sayers = this.#sayersOf(commit);
    if (sayers >= this.#majority) return 'held';
    // Some messages will never be known, so the reports about the disks decide.
    if (isLost || this.#network.mayMiss(false)) return 'held';
    if (acks === 'so-far') return 'open';
    return acks === 'all' && this.#network.toldAll(true) && !this.#hasForgotten(commit) ? sayers : 'held';
  }

  /** Number of servers that held the entry in time: the leader, and those whose acknowledgement the network saw. */
  #sayersOf(commit: CountedEntry): number {
    let sayers = 0;
    for (const [server, disk] of this.#disks) {
      if (server === commit.server || disk.hasAcknowledged(commit)) sayers += 1;
    }
    return sayers;
  }

  #hasForgotten({ term }: CountedEntry): boolean {
    return this.#all.some((disk) => disk.hasForgottenAcksUpTo(term));
  }
}

function acknowledged(
  { link, rpc, kind, term, success, matchIndex: index = 0 }: Named<'MessageSent'>,
  disks: ReadonlyMap<string, DiskHistory>,
): void {
  if (rpc !== 'AppendEntries' || kind !== 'reply' || success !== true || term === null) return;
  const { from: server, to: leader } = endsOf(link);
  disks.get(server)?.acknowledged({ term, leader, index });
}
