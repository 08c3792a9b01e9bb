/** In which term one server's disk held which log, as far as it is known: what the server said, and looks at its files. */
import { ancestorAt, type EntryTree } from './entry-tree.ts';

/** In this term the disk held the log that ends with `chain`, up to `index`. */
export interface Tip {
  readonly term: number;
  readonly chain: string;
  readonly index: number;
}

/** An entry that somebody counted committed. */
export interface CountedEntry {
  readonly term: number;
  readonly to: number;
  readonly chain: string;
}

/** A tip, and the highest index of all tips up to it: where a search from the newest tip back may end. */
interface Kept {
  readonly tip: Tip;
  readonly highest: number;
}

const MOST_TIPS = 2_048;

export class DiskHistory {
  #tips: Tip[] = [];
  #observed: Kept[] = [];
  /** The highest term it is known to have reached. */
  #term = 0;

  get size(): number {
    return this.#tips.length + this.#observed.length;
  }

  /** In the server's own order. Of each term the last is enough. */
  add(next: Tip): void {
    if (this.#tips.at(-1)?.term === next.term) this.#tips.pop();
    this.#tips.push(next);
    if (this.#tips.length > MOST_TIPS) this.#tips = this.#tips.slice(-MOST_TIPS / 2);
    this.reached(next.term);
  }

  observe(tip: Tip): void {
    this.#observed.push({ tip, highest: Math.max(tip.index, this.#observed.at(-1)?.highest ?? 0) });
    if (this.#observed.length > MOST_TIPS) this.#observed = this.#observed.slice(-MOST_TIPS / 2);
    this.reached(tip.term);
  }

  reached(term: number): void {
    this.#term = Math.max(this.#term, term);
  }

  /** The chain of its log as the server told it last. */
  chain(): string {
    return this.#tips.at(-1)?.chain ?? '';
  }

  /** Whether it held the entry in the commit's term or before; null while its server may still tell. */
  held(commit: CountedEntry, tree: EntryTree): boolean | null {
    const own = this.#tips.findLast(({ term }) => term <= commit.term);
    let isUnknown = false;
    for (const tip of this.#candidates(commit, own)) {
      const answer = contains(tree, tip, commit);
      if (answer === true) return true;
      if (answer === null) isUnknown = true;
    }
    return this.#term > commit.term && !isUnknown ? false : null;
  }

  /** The newest first. */
  *#candidates(commit: CountedEntry, own: Tip | undefined): Generator<Tip> {
    if (own !== undefined) yield own;
    for (let at = this.#observed.length - 1; at >= 0; at -= 1) {
      const { tip, highest } = this.#observed[at] as Kept;
      if (highest < commit.to) return;
      if (tip.term <= commit.term) yield tip;
    }
  }
}

/** null: that log's entries are not known yet. */
function contains(tree: EntryTree, { chain, index }: Tip, commit: CountedEntry): boolean | null {
  if (index < commit.to) return false;
  if (chain === commit.chain) return true;
  const node = tree.find(chain, index);
  if (node === undefined) return null;
  const below = ancestorAt(node, commit.to);
  return below !== null && tree.chainOf(below) === commit.chain;
}
