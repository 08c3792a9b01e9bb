/**
 * Records which log one server's disk held in which term. The evidence is the server's own reports, observations of its
 * files, and its acknowledgements. A server's reports are complete for each term that it left while it was running. A
 * life that ended before it could report leaves unreported terms; for those its acknowledgements on the wire count.
 */
import { ByTerm } from './by-term.ts';
import { ancestorAt, type EntryTree } from './entry-tree.ts';

/** In this term the disk held the log that ends with `chain` at `index`. */
export interface Tip {
  readonly term: number;
  readonly chain: string;
  readonly index: number;
}

/** An entry that a leader counted as committed. */
export interface CountedEntry {
  /** The leader that counted it. */
  readonly server: string;
  readonly term: number;
  readonly to: number;
  readonly chain: string;
}

/** A tip with the highest index of all tips up to it. A backward search ends where `highest` is below its index. */
interface Kept {
  readonly tip: Tip;
  readonly highest: number;
}

/** The highest index that the server acknowledged to the leader of a term. */
interface Ack {
  readonly term: number;
  readonly leader: string;
  readonly index: number;
}

/** Terms in which the server may not have reported everything. */
interface Untold {
  readonly from: number;
  readonly to: number;
}

/**
 * How complete the known acknowledgements are. `so-far`: more may be observed. `all`: none was lost, so a missing
 * acknowledgement was never sent. `some-lost`: the run is over, and some were lost.
 */
export type Acknowledged = 'so-far' | 'all' | 'some-lost';

const MOST_TIPS = 2_048;

export class DiskHistory {
  #tips: Tip[] = [];
  #observed: Kept[] = [];
  readonly #acks = new ByTerm<Ack>(MOST_TIPS);
  #untold: Untold[] = [];
  /** The highest term that the server is known to have reached. */
  #term = 0;
  /** The highest term that the server itself reported. */
  #ownTerm = 0;
  /** Whether events of the server may be missing since its last report. */
  #isBroken = false;

  get size(): number {
    return this.#tips.length + this.#observed.length + this.#acks.size + this.#untold.length;
  }

  /** Records that the next report does not continue the last one: another life begins, or events were lost. */
  breakOff(): void {
    this.#isBroken = true;
  }

  acknowledged(ack: Ack): void {
    const known = this.#acks.of(ack.term);
    if (known === undefined || known.index < ack.index) this.#acks.set(ack);
  }

  /**
   * Adds a report of the server, in the server's own order. Only the last tip of each term is kept.
   *
   * @param isWhole  the event names the whole log, so it does not depend on earlier reports
   */
  add(next: Tip, isWhole: boolean): void {
    if (this.#tips.at(-1)?.term === next.term) this.#tips.pop();
    this.#tips.push(next);
    if (this.#tips.length > MOST_TIPS) this.#tips = this.#tips.slice(-MOST_TIPS / 2);
    this.says(next.term);
    if (isWhole) this.#isBroken = false;
  }

  /** Records that the server reported this term. */
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

  /** The chain of the server's log in its last report. */
  chain(): string {
    return this.#tips.at(-1)?.chain ?? '';
  }

  /** Whether the disk held the entry in the commit's term or before; null while that is not known. */
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
    // The server has not reported again, so its last events may only be late.
    if (acks === 'so-far' && !isUntold) return null;
    if (this.hasAcknowledged(commit)) return true;
    const isKnown = acks === 'all' && this.#term > commit.term && !this.hasForgottenAcksUpTo(commit.term);
    return isKnown && !isUnknown ? false : null;
  }

  /** Whether the network saw the server acknowledge the entry to that leader in that term. */
  hasAcknowledged({ server, term, to }: CountedEntry): boolean {
    const ack = this.#acks.of(term);
    return ack !== undefined && ack.leader === server && ack.index >= to;
  }

  /** Whether an acknowledgement of this term or a lower one may have been forgotten. */
  hasForgottenAcksUpTo(term: number): boolean {
    return this.#acks.hasForgottenBelow(term + 1);
  }

  /** Tips that may contain the entry: the server's own first, then the observed ones, newest first. */
  *#candidates(commit: CountedEntry, own: Tip | undefined): Generator<Tip> {
    if (own !== undefined) yield own;
    for (let at = this.#observed.length - 1; at >= 0; at -= 1) {
      const { tip, highest } = this.#observed[at] as Kept;
      if (highest < commit.to) return;
      if (tip.term <= commit.term) yield tip;
    }
  }
}

/** Whether the log with this tip contains the entry; null while the entries of that log are not known. */
function contains(tree: EntryTree, { chain, index }: Tip, commit: CountedEntry): boolean | null {
  if (index < commit.to) return false;
  if (chain === commit.chain) return true;
  const node = tree.find(chain, index);
  if (node === undefined) return null;
  const below = ancestorAt(node, commit.to);
  return below !== null && tree.chainOf(below) === commit.chain;
}
