/**
 * Compares the chains that servers report with the longest log whose entries are known. Servers report only the chain
 * of a batch's last entry, so two logs may differ at an index for which one of them reports no chain. The tree of
 * entries shows what the longer log holds there. Flow: a fact at or below the end of the longest log is compared with
 * it. A fact above that end becomes the longest log as soon as its entries are known; the facts between the two ends
 * are compared with it.
 */
import type { EntryNode } from './entry-node.ts';
import { ancestorAt, type EntryTree } from './entry-tree.ts';

/** A log that a server reported by its last entry. */
interface Named {
  readonly index: number;
  readonly chain: string;
}

interface Options<Fact extends Named> {
  readonly tree: EntryTree;
  /** Returns the chain that was reported first at this index. */
  readonly namedAt: (index: number) => Fact | undefined;
  /** Called when two logs differ at this index. */
  readonly onDiffer: (one: Fact, other: Fact, index: number) => void;
  /** The term whose entries are compared; null for all terms. */
  readonly term: number | null;
}

export class LongestLog<Fact extends Named> {
  readonly #options: Options<Fact>;
  /** The longest known log. Every fact at or below its end was compared with it. */
  #longest: { readonly end: EntryNode; readonly named: Fact } | null = null;

  constructor(options: Options<Fact>) {
    this.#options = options;
  }

  /** Adds the first fact at its index. */
  add(named: Fact): void {
    if (named.index <= (this.#longest?.end.index ?? 0)) this.#compareBelow(named);
    else this.#options.tree.whenKnown(named.chain, named.index, (end) => this.#compareUpTo(end, named));
  }

  /** Compares a fact with the entry of the longest log at the same index. */
  #compareBelow(named: Fact): void {
    const longest = this.#longest;
    const own = longest === null ? null : ancestorAt(longest.end, named.index);
    if (longest === null || own === null) return;
    if (this.#isOther(own, named.chain)) this.#options.onDiffer(longest.named, named, named.index);
  }

  /** Compares another known log with the facts between the end of the longest log and its own end. */
  #compareUpTo(end: EntryNode, named: Fact): void {
    const longest = this.#longest;
    const from = longest?.end.index ?? 0;
    // A longer log may have been added while this fact waited for its entries.
    if (end.index <= from) {
      this.#compareBelow(named);
      return;
    }
    const { namedAt, onDiffer } = this.#options;
    let at: EntryNode | null = end.parent;
    for (; at !== null && at.index > from && this.#isCompared(at); at = at.parent) {
      const between = namedAt(at.index);
      if (between !== undefined && this.#isOther(at, between.chain)) onDiffer(between, named, at.index);
    }
    const isOther = longest !== null && at !== null && at.index === from && this.#isCompared(at) && at !== longest.end;
    if (isOther) onDiffer(longest.named, named, from);
    else this.#longest = { end, named };
  }

  #isCompared({ term }: EntryNode): boolean {
    return this.#options.term === null || this.#options.term === term;
  }

  #isOther(node: EntryNode, chain: string): boolean {
    if (!this.#isCompared(node)) return false;
    const own = this.#options.tree.chainOf(node);
    return own !== null && own !== chain;
  }
}
