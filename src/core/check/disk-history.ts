/**
 * In which term one server's disk held which log, as far as it is known: what the server said, looks at its files, and what
 * it acknowledged. Its own word is complete for a term that it left while it lived. A life that ended before it could tell
 * leaves terms untold; for those its acknowledgements on the wire speak.
 */
import { ByTerm } from './by-term.ts';
import { ancestorAt, type EntryTree } from './entry-tree.ts';

/** In this term the disk held the log that ends with `chain`, up to `index`. */
export interface Tip {
  readonly term: number;
  readonly chain: string;
  readonly index: number;
}

/** An entry that somebody counted committed. */
export interface CountedEntry {
  /** The leader that counted it. */
  readonly server: string;
  readonly term: number;
  readonly to: number;
  readonly chain: string;
}

/** A tip, and the highest index of all tips up to it: where a search from the newest tip back may end. */
interface Kept {
  readonly tip: Tip;
  readonly highest: number;
}

/** The highest index that it acknowledged to the leader of a term. */
interface Ack {
  readonly term: number;
  readonly leader: string;
  readonly index: number;
}

/** Terms of which the server may not have told everything. */
interface Untold {
  readonly from: number;
  readonly to: number;
}

/**
 * The proof value of acknowledgements: further ones may be heard; all were heard, so one that is missing was never sent; the run is
 * over, but some were lost.
 */
export type Acknowledged = 'so-far' | 'all' | 'some-lost';

const MOST_TIPS = 2_048;

export class DiskHistory {
  #tips: Tip[] = [];
  #observed: Kept[] = [];
  readonly #acks = new ByTerm<Ack>(MOST_TIPS);
  #untold: Untold[] = [];
  /** The highest term it is known to have reached. */
  #term = 0;
  /** The highest term it spoke of itself. */
  #ownTerm = 0;
  /** Events of its own may be missing since its last word. */
  #isBroken = false;

  get size(): number {
    return this.#tips.length + this.#observed.length + this.#acks.size + this.#untold.length;
  }

  /** Its own word does not go on from the last: another life begins, or events were lost. */
  breakOff(): void {
    this.#isBroken = true;
  }

  acknowledged(ack: Ack): void {
    const known = this.#acks.of(ack.term);
    if (known === undefined || known.index < ack.index) this.#acks.set(ack);
  }

  /**
   * In the server's own order. Of each term the last is enough.
   *
   * @param isWhole  it names its whole log, whatever was heard before
   */
  add(next: Tip, isWhole: boolean): void {
    if (this.#tips.at(-1)?.term === next.term) this.#tips.pop();
    this.#tips.push(next);
    if (this.#tips.length > MOST_TIPS) this.#tips = this.#tips.slice(-MOST_TIPS / 2);
    this.says(next.term);
    if (isWhole) this.#isBroken = false;
  }

  /** Notes that the server has reached this term. */
  says(term: number): void {
    if (this.#isBroken && term > this.#ownTerm) {
      this.#untold.push({ from: this.#ownTerm, to: term - 1 });
      if (this.#untold.length > MOST_TIPS) this.#untold = this.#untold.slice(-MOST_TIPS / 2);
    }
    this.#ownTerm = Math.max(this.#ownTerm, term);
    this.#reached(term);
  }

  observe(tip: Tip): void {
    this.#observed.push({ tip, highest: Math.max(tip.index, this.#observed.at(-1)?.highest ?? 0) });
    if (this.#observed.length > MOST_TIPS) this.#observed = this.#observed.slice(-MOST_TIPS / 2);
    this.#reached(tip.term);
  }

  #reached(term: number): void {
    this.#term = Math.max(this.#term, term);
  }

  /** The chain of its log as the server told it last. */
  chain(): string {
    return this.#tips.at(-1)?.chain ?? '';
  }

  /** Whether it held the entry in the commit's term or before; null while that is not known. */
  held(commit: CountedEntry, tree: EntryTree, acks: Acknowledged): boolean | null {
    const own = this.#tips.findLast(({ term }) => term <= commit.term);
    let isUnknown = false;
    for (const tip of this.#candidates(commit, own)) {
      const answer = contains(tree, tip, commit);
      if (answer === true) return true;
      if (answer === null) isUnknown = true;
    }
    const isUntold = this.#untold.some(({ from, to }) => from <= commit.term && commit.term <= to);
    if (this.#ownTerm > commit.term && !isUntold) return isUnknown ? null : false;
    // Its last events may only be late, as long as it has not spoken again.
    if (acks === 'so-far' && !isUntold) return null;
    if (this.hasAcknowledged(commit)) return true;
    const isKnown = acks === 'all' && this.#term > commit.term && !this.hasForgottenAcksUpTo(commit.term);
    return isKnown && !isUnknown ? false : null;
  }

  /** Whether the network saw it tell that leader, in that term, that it has the entry. */
  hasAcknowledged({ server, term, to }: CountedEntry): boolean {
    const ack = this.#acks.of(term);
    return ack !== undefined && ack.leader === server && ack.index >= to;
  }

  /** Whether an acknowledgement of this term or a lower one may have been forgotten. */
  hasForgottenAcksUpTo(term: number): boolean {
    return this.#acks.hasForgottenBelow(term + 1);
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
