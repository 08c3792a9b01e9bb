/** A map that forgets its oldest keys, so that a run of any length is judged in bounded memory. */

/** Facts kept for one property; what came before is no longer compared. */
export const MOST_FACTS = 200_000;

export class BoundedMap<Key, Value> {
  readonly #map = new Map<Key, Value>();
  readonly #most: number;

  constructor(most: number = MOST_FACTS) {
    this.#most = most;
  }

  get size(): number {
    return this.#map.size;
  }

  get(key: Key): Value | undefined {
    return this.#map.get(key);
  }

  has(key: Key): boolean {
    return this.#map.has(key);
  }

  set(key: Key, value: Value): void {
    this.#map.set(key, value);
    if (this.#map.size <= this.#most) return;
    for (const oldest of this.#map.keys()) {
      this.#map.delete(oldest);
      return;
    }
  }

  delete(key: Key): boolean {
    return this.#map.delete(key);
  }

  values(): IterableIterator<Value> {
    return this.#map.values();
  }
}
