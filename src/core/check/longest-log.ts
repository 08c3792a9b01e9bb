/**
 * Chains that servers name, held against the longest log whose entries are known. Servers name only the last entry of a batch,
 * so two logs may differ at an index that one of them does not name: the tree of entries tells what the longer log holds there.
 * Flow: a fact at or below the end of the longest log is compared with it; one above becomes the longest as soon as its entries
 * are known, and what was named in between is compared with it.
 */
import type { EntryNode } from './entry-node.ts';
import { ancestorAt, type EntryTree } from './entry-tree.ts';

/** A log that somebody named by its last entry. */
interface Named {
  readonly index: number;
  readonly chain: string;
}

interface Options<Fact extends Named> {
  readonly tree: EntryTree;
  /** The chain that was named first at this index. */
  readonly namedAt: (index: number) => Fact | undefined;
  /** Two logs differ at this index. */
  readonly onDiffer: (one: Fact, other: Fact, index: number) => void;
  /** Only entries of this term are compared; null: all. */
  readonly term: number | null;
}

export class LongestLog<Fact extends Named> {
  readonly #options: Options<Fact>;
  /** Every fact at or below its end was compared with it. */
  #longest: { readonly end: EntryNode; readonly named: Fact } | null = null;

  constructor(options: Options<Fact>) {
    this.#options = options;
  }

  /** The first fact at its index. */
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

  /** Another log is known: compares what was named between the end of the longest one and its own end. */
  #compareUpTo(end: EntryNode, named: Fact): void {
    const longest = this.#longest;
    const from = longest?.end.index ?? 0;
    // The fact may have waited for its entries while a longer log was named.
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
