/** A map that forgets its oldest keys, so that a run of any length is judged in bounded memory. */

/** Facts kept for one property; what came before is no longer compared. */
export const MOST_FACTS = 200_000;

export class BoundedMap<Key, Value> {
  readonly #map = new Map<Key, Value>();
  readonly #most: number;

  constructor(most: number = MOST_FACTS) {
    this.#most = most;
  }

  get(key: Key): Value | undefined {
    return this.#map.get(key);
  }

  /** @returns what was forgotten for it, undefined while there is room */
  set(key: Key, value: Value): Value | undefined {
    this.#map.set(key, value);
    if (this.#map.size <= this.#most) return undefined;
    for (const [oldest, forgotten] of this.#map) {
      this.#map.delete(oldest);
      return forgotten;
    }
    return undefined;
  }

  values(): IterableIterator<Value> {
    return this.#map.values();
  }
}
