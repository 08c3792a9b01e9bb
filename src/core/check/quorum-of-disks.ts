/**
 * A leader counts an entry committed only when a majority has it on disk (paper §5.3, §5.4.2; rules L1, E8). When each
 * server had what is told by the server itself, in microseconds of the machine's one clock; of a server that died before
 * it could tell, its files say it (`DiskObserved`).
 */
import type { TraceEvent } from '../trace/index.ts';
import { ancestorAt, type EntryTree } from './entry-tree.ts';
import type { Ground, Property } from './property.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const QUORUM_OF_DISKS_RULE = '§5.3, §5.4.2';

/** From this moment on the disk holds the log that ends with `chain`, up to `index`. */
interface Tip {
  readonly timeUs: number;
  readonly chain: string;
  readonly index: number;
  readonly isObserved: boolean;
}

interface Commit {
  readonly timeUs: number;
  readonly server: string;
  readonly term: number;
  readonly to: number;
  readonly chain: string;
  readonly proof: Proof;
}

const MOST_TIPS = 2_048;
const MOST_OPEN = 20_000;

/** When one server's disk held what, as far as it is known. */
class DiskHistory {
  #tips: Tip[] = [];
  /** Everything up to here has been told. */
  #toldUs = -1;

  add(next: Tip): void {
    let at = this.#tips.length;
    while (at > 0 && (this.#tips[at - 1] as Tip).timeUs > next.timeUs) at -= 1;
    this.#tips.splice(at, 0, next);
    if (this.#tips.length > MOST_TIPS) this.#tips = this.#tips.slice(-MOST_TIPS / 2);
  }

  told(timeUs: number): void {
    this.#toldUs = Math.max(this.#toldUs, timeUs);
  }

  /** The chain of its log as the server told it last. */
  chain(): string {
    return this.#tips.findLast(({ isObserved }) => !isObserved)?.chain ?? '';
  }

  /** Whether it held the entry at that moment; null while its server may still tell. */
  held(commit: Commit, tree: EntryTree): boolean | null {
    const next = this.#tips.findLastIndex(({ timeUs }) => timeUs <= commit.timeUs) + 1;
    const [before, after] = [this.#tips[next - 1], this.#tips[next]];
    if (before !== undefined && contains(tree, before, commit)) return true;
    // It died with the entry on its disk and could not say when it came there.
    if (after?.isObserved === true && contains(tree, after, commit)) return true;
    return this.#toldUs >= commit.timeUs ? false : null;
  }
}

function contains(tree: EntryTree, { chain, index }: Tip, commit: Commit): boolean {
  if (index < commit.to) return false;
  const node = tree.find(chain);
  return node !== undefined && ancestorAt(node, commit.to)?.chain === commit.chain;
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
    const { timeUs, source, term, to, chain } = event;
    open.push({ timeUs, server: source, term, to, chain, proof: proofOf(event) });
    if (open.length <= MOST_OPEN) return;
    open.shift();
    account.unknown();
  }

  return {
    account,
    observe(event: TraceEvent) {
      const { timeUs, source } = event;
      const server = event.event === 'DiskObserved' ? event.server : source;
      const disk = disks.get(server);
      if (disk === undefined) return;
      const next = tipIn(event, disk);
      if (next !== null) disk.add(next);
      if (event.event === 'CommitAdvanced' && event.reason === 'quorum') counted(event);
      disk.told(timeUs);
      settle(false);
    },
    finish: () => settle(true),
  };
}

/** What this event says of a disk; null when it says nothing. */
function tipIn(event: TraceEvent, disk: DiskHistory): Tip | null {
  const { timeUs } = event;
  switch (event.event) {
    case 'EntriesAppended':
      return { timeUs, chain: event.chain, index: event.last, isObserved: false };
    case 'StateRestored':
      return { timeUs, chain: event.chain, index: event.lastIndex, isObserved: false };
    case 'EntriesTruncated':
      return { timeUs, chain: disk.chain(), index: event.from - 1, isObserved: false };
    case 'DiskObserved':
      return event.ok ? { timeUs, chain: event.chain, index: event.lastIndex, isObserved: true } : null;
    default:
      return null;
  }
}
