/** Replays the committed log once, entry by entry, in the judges' own model of the store. */

import type { EntryNode } from './entry-node.ts';
import type { EntryTree } from './entry-tree.ts';
import { type Made, StoreModel } from './store-model.ts';

export class Replay {
  readonly #tree: EntryTree;
  readonly #model = new StoreModel();
  #replayed: EntryNode;
  /** Another log was committed than the one that was replayed, or its way down was forgotten. */
  #isLost = false;

  constructor(tree: EntryTree) {
    this.#tree = tree;
    this.#replayed = tree.root;
  }

  keptBytes(): number {
    return this.#model.keptBytes();
  }

  /** Replays what lies between what was replayed and this entry, and hands out the first answers it makes. */
  commit(node: EntryNode, onAnswer: (made: Made, index: number) => void): void {
    if (this.#isLost || node.index <= this.#replayed.index) return;
    const path: EntryNode[] = [];
    let at: EntryNode | null = node;
    while (at !== null && at.index > this.#replayed.index) {
      path.push(at);
      at = at.parent;
    }
    // State Machine Safety reports another log; here nothing can be said any more.
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
