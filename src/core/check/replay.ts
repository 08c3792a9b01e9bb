/** Replays the committed log once, entry by entry, in the judges' own model of the store. */

import type { EntryNode } from './entry-node.ts';
import type { EntryTree } from './entry-tree.ts';
import { type Made, StoreModel } from './store-model.ts';

export class Replay {
  readonly #tree: EntryTree;
  readonly #model = new StoreModel();
  #replayed: EntryNode;
  /**
   * Whether the replay has stopped: another log was committed than the replayed one, or older entries were forgotten.
   */
  #isLost = false;

  constructor(tree: EntryTree) {
    this.#tree = tree;
    this.#replayed = tree.root;
  }

  keptBytes(): number {
    return this.#model.keptBytes();
  }

  /** Replays the entries after the last replayed one up to this entry, and reports each first answer. */
  commit(node: EntryNode, onAnswer: (made: Made, index: number) => void): void {
    if (this.#isLost || node.index <= this.#replayed.index) return;
    const path: EntryNode[] = [];
    let at: EntryNode | null = node;
    while (at !== null && at.index > this.#replayed.index) {
      path.push(at);
      at = at.parent;
    }
    // The replay stops here. If another log was committed, State Machine Safety reports it.
    if (at !== this.#replayed) {
      this.#isLost = true;
      return;
    }
    for (const entry of path.reverse()) {
      const logged = this.#tree.take(entry);
      const made = logged === null ? null : this.#model.apply(logged);
      if (made !== null) onAnswer(made, entry.index);
    }
    this.#replayed = node;
  }
}
