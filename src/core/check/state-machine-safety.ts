/**
 * State Machine Safety: no two servers apply different entries at an index (paper Figure 3, §5.4.3), nor believe different
 * entries committed there. An index has one chain for ever. Servers name only the last entry of a batch, so chains at
 * different indexes are compared too: the tree of entries tells what the longer log holds at the index of the shorter one.
 */
import type { TraceEvent } from '../trace/index.ts';
import { BoundedMap } from './bounded-map.ts';
import { factBytes } from './bytes.ts';
import { ancestorAt, type EntryNode, type EntryTree } from './entry-tree.ts';
import type { Ground, Property } from './property.ts';
import { Unsettled } from './unsettled.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const STATE_MACHINE_SAFETY_RULE = 'Figure 3, §5.4.3';

interface Named {
  readonly index: number;
  readonly chain: string;
  readonly source: string;
  readonly proof: Proof;
}

/** The longest log named so far whose entries are known. Every fact at or below its end was compared with it. */
interface Longest {
  readonly end: EntryNode;
  readonly named: Named;
}

export function stateMachineSafety(account: Account, ground: Ground): Property {
  return new StateMachineSafety(account, ground);
}

class StateMachineSafety implements Property {
  readonly account: Account;
  readonly #tree: EntryTree;
  readonly #chains = new BoundedMap<number, Named>();
  readonly #unsettled: Unsettled;
  /** Highest index of which a fact was forgotten. */
  #horizon = -1;
  #longest: Longest | null = null;

  constructor(account: Account, { tree }: Ground) {
    this.account = account;
    this.#tree = tree;
    this.#unsettled = new Unsettled(account);
  }

  observe(event: TraceEvent): void {
    if (event.event !== 'EntriesApplied' && event.event !== 'CommitAdvanced') return;
    const index = event.event === 'EntriesApplied' ? event.last : event.to;
    const { source, chain } = event;
    const known = this.#chains.get(index);
    if (known === undefined) {
      this.#first({ index, chain, source, proof: proofOf(event) });
      return;
    }
    this.account.examined();
    if (known.chain === chain) this.#unsettled.agrees(source, index);
    else this.#differ(known, { index, chain, source, proof: proofOf(event) }, index);
  }

  finish(): void {
    this.#unsettled.finish();
  }

  keptBytes(): number {
    return this.#chains.size * factBytes({ proofs: 1, names: 1 }) + this.#unsettled.keptBytes();
  }

  /** Nobody has named this index before. */
  #first(named: Named): void {
    const { index, source } = named;
    if (index > this.#horizon) this.account.examined();
    else this.#unsettled.add(source, index);
    const forgotten = this.#chains.set(index, named);
    if (forgotten !== undefined) this.#horizon = Math.max(this.#horizon, forgotten.index);
    if (index <= (this.#longest?.end.index ?? 0)) this.#compareBelow(named);
    else this.#tree.whenKnown(named.chain, index, (node) => this.#compareUpTo({ end: node, named }));
  }

  /** What the longest log holds at this index. */
  #compareBelow(named: Named): void {
    const longest = this.#longest;
    const own = longest === null ? null : ancestorAt(longest.end, named.index);
    if (longest === null || own === null) return;
    if (this.#isOther(own, named.chain)) this.#differ(longest.named, named, named.index);
  }

  /** Another log is known: compares what was named between the end of the longest one and its own end. */
  #compareUpTo(next: Longest): void {
    const { end, named } = next;
    const longest = this.#longest;
    const from = longest?.end.index ?? 0;
    // It may have waited for its entries while a longer log was named.
    if (end.index <= from) {
      this.#compareBelow(named);
      return;
    }
    let at: EntryNode | null = end.parent;
    for (; at !== null && at.index > from; at = at.parent) {
      const between = this.#chains.get(at.index);
      if (between !== undefined && this.#isOther(at, between.chain)) this.#differ(between, named, at.index);
    }
    if (longest !== null && at !== null && at !== longest.end) this.#differ(longest.named, named, from);
    else this.#longest = next;
  }

  #isOther(node: EntryNode, chain: string): boolean {
    const own = this.#tree.chainOf(node);
    return own !== null && own !== chain;
  }

  #differ(one: Named, other: Named, index: number): void {
    this.account.broken({ one: one.source, other: other.source, index }, [one.proof, other.proof]);
  }
}
