/**
 * A leader counts an entry committed only when a majority has it on disk (paper §5.3, §5.4.2; rules L1, E8). A server had
 * it in time when it appended it in a term not higher than the commit's: who got it only from a later leader is no
 * witness. Terms are the clock here: a judge that needs no other cannot be fooled by one. A server
 * that died before it could tell is spoken for by its files (`DiskObserved`).
 */
import type { TraceEvent } from '../trace/index.ts';
import { ancestorAt, type EntryTree } from './entry-tree.ts';
import type { Ground, Property } from './property.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const QUORUM_OF_DISKS_RULE = '§5.3, §5.4.2';

/** In this term the disk held the log that ends with `chain`, up to `index`. */
interface Tip {
  readonly term: number;
  readonly chain: string;
  readonly index: number;
}

interface Commit {
  readonly server: string;
  readonly term: number;
  readonly to: number;
  readonly chain: string;
  readonly proof: Proof;
}

const MOST_TIPS = 2_048;
const MOST_OPEN = 20_000;

/** In which term one server's disk held what, as far as it is known. */
class DiskHistory {
  #tips: Tip[] = [];
  readonly #observed: Tip[] = [];
  /** The highest term it is known to have reached. */
  #term = 0;

  /** In the server's own order. Of each term the last is enough. */
  add(next: Tip): void {
    if (this.#tips.at(-1)?.term === next.term) this.#tips.pop();
    this.#tips.push(next);
    if (this.#tips.length > MOST_TIPS) this.#tips = this.#tips.slice(-MOST_TIPS / 2);
    this.reached(next.term);
  }

  observe(next: Tip): void {
    this.#observed.push(next);
    if (this.#observed.length > MOST_TIPS) this.#observed.shift();
    this.reached(next.term);
  }

  reached(term: number): void {
    this.#term = Math.max(this.#term, term);
  }

  /** The chain of its log as the server told it last. */
  chain(): string {
    return this.#tips.at(-1)?.chain ?? '';
  }

  /** Whether it held the entry in the commit's term or before; null while its server may still tell. */
  held(commit: Commit, tree: EntryTree): boolean | null {
    const own = this.#tips.findLast(({ term }) => term <= commit.term);
    const seen = this.#observed.filter(({ term }) => term <= commit.term);
    const answers = [...seen, ...(own === undefined ? [] : [own])].map((tip) => contains(tree, tip, commit));
    if (answers.includes(true)) return true;
    return this.#term > commit.term && !answers.includes(null) ? false : null;
  }
}

/** null: that log's entries are not known yet. */
function contains(tree: EntryTree, { chain, index }: Tip, commit: Commit): boolean | null {
  if (index < commit.to) return false;
  const node = tree.find(chain);
  return node === undefined ? null : ancestorAt(node, commit.to)?.chain === commit.chain;
}

export function quorumOfDisks(account: Account, { servers, tree }: Ground): Property {
  const disks = new Map<string, DiskHistory>(servers.map((id) => [id, new DiskHistory()]));
  const majority = Math.floor(servers.length / 2) + 1;
  let open: Commit[] = [];

  /** The first of those that wait, as far as they can be settled. */
  function settle(isOver: boolean): void {
    let settled = 0;
    for (const commit of open) {
      const answers = [...disks.values()].map((disk) => disk.held(commit, tree));
      const holders = answers.filter((answer) => answer === true).length;
      const silent = answers.filter((answer) => answer === null).length;
      if (holders >= majority) account.examined();
      else if (holders + silent < majority && tree.find(commit.chain) !== undefined) {
        account.examined();
        const { server, term, to } = commit;
        account.broken({ server, term, index: to, holders, servers: servers.length }, [commit.proof]);
      } else if (isOver) account.unknown();
      else break;
      settled += 1;
    }
    if (settled > 0) open = open.slice(settled);
  }

  function counted(event: Extract<TraceEvent, { readonly event: 'CommitAdvanced' }>): void {
    const { source, term, to, chain } = event;
    open.push({ server: source, term, to, chain, proof: proofOf(event) });
    if (open.length <= MOST_OPEN) return;
    open.shift();
    account.unknown();
  }

  return {
    account,
    observe(event: TraceEvent) {
      if (event.event === 'DiskObserved') {
        const { ok, server, term, chain, lastIndex: index } = event;
        if (ok) disks.get(server)?.observe({ term, chain, index });
      } else {
        const disk = disks.get(event.source);
        if (disk === undefined) return;
        const next = tipIn(event, disk);
        if (next !== null) disk.add(next);
        if (event.event === 'TermAdvanced') disk.reached(event.term);
        if (event.event === 'CommitAdvanced' && event.reason === 'quorum') counted(event);
      }
      settle(false);
    },
    finish: () => settle(true),
  };
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
