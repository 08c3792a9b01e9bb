/**
 * Entries of long commands whose chain has not been computed. Computing the chain is the most expensive step for such
 * an entry. A batch reports only its last chain, so the other chains of the batch are computed when a claim names one
 * at their index. Only the newest entries keep their commands; the chain of an older entry can no longer be computed.
 */
import { chainOf } from '../raft/chain.ts';
import type { WireEntry } from '../vocabulary/index.ts';
import type { EntryNode } from './entry-node.ts';
import { entryBytes } from './logged-entry.ts';

interface Unnamed {
  readonly node: EntryNode;
  readonly entry: WireEntry;
}

/** Maximum number of entries kept with their commands, of at most 64 KiB characters each. */
const MOST = 128;

export class UnnamedEntries {
  /** Entries in the order in which they were added. */
  #entries: readonly Unnamed[] = [];

  add(node: EntryNode, entry: WireEntry): void {
    this.#entries = [...this.#entries, { node, entry }].slice(-MOST);
  }

  /** Computes the chains of the entries at this index, and those before them. @returns the nodes, lowest first */
  name(index: number): readonly EntryNode[] {
    return this.#entries.filter(({ node }) => node.index === index).flatMap(({ node }) => this.nameOne(node));
  }

  /** Computes the chain of one entry, and of those before it in its batch. @returns the nodes, lowest first */
  nameOne(node: EntryNode): readonly EntryNode[] {
    const path: Unnamed[] = [];
    let at: EntryNode | null = node;
    while (at !== null && at.chain === null) {
      const unnamed = this.#entries.findLast((one) => one.node === at);
      if (unnamed === undefined) return [];
      path.push(unnamed);
      at = at.parent;
    }
    let chain = at?.chain ?? null;
    if (chain === null) return [];
    for (const unnamed of path.reverse()) {
      chain = chainOf(chain, unnamed.entry);
      (unnamed.node as { chain: string }).chain = chain;
    }
    this.#entries = this.#entries.filter((one) => !path.includes(one));
    return path.map((one) => one.node);
  }

  keptBytes(): number {
    return this.#entries.reduce((sum, { entry }) => sum + entryBytes(entry), 0);
  }
}
