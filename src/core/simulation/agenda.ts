/** The queue of future events of a simulated world: a heap ordered by time, and by insertion when times are equal. */

interface Item<Happening> {
  readonly atUs: number;
  readonly order: number;
  readonly happening: Happening;
}

/** A queue, empty at first. */
export class Agenda<Happening> {
  readonly #heap: Item<Happening>[] = [];
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  add(atUs: number, happening: Happening): void {
    this.#order += 1;
    const heap = this.#heap;
    const item = { atUs, order: this.#order, happening };
    let at = heap.length;
    heap.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Item<Happening>;
      if (isBefore(above, item)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = item;
  }

  /** Removes and returns the next event; null when the queue is empty. */
  take(): { readonly atUs: number; readonly happening: Happening } | null {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined) return null;
    if (heap.length > 0) sink(heap, last);
    return top;
  }
}

function sink<Happening>(heap: Item<Happening>[], item: Item<Happening>): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    const right = heap[child + 1];
    if (right !== undefined && isBefore(right, heap[child] as Item<Happening>)) child += 1;
    const below = heap[child] as Item<Happening>;
    if (isBefore(item, below)) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = item;
}

function isBefore<Happening>(one: Item<Happening>, other: Item<Happening>): boolean {
  return one.atUs < other.atUs || (one.atUs === other.atUs && one.order < other.order);
}
