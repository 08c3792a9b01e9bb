/** A map that forgets its oldest keys, so that a run of any length is judged in bounded memory. Every call is O(1). */

/** Facts kept for one property; what came before is no longer compared. */
export const MOST_FACTS = 200_000;

export class BoundedMap<Key, Value> {
  readonly #map = new Map<Key, Value>();
  /** Keys in the order in which they came, the forgotten ones up to `#first`. A Map's own first key costs O(deleted). */
  #keys: Key[] = [];
  #first = 0;
  readonly #most: number;

  constructor(most: number = MOST_FACTS) {
    this.#most = most;
  }

  get(key: Key): Value | undefined {
    return this.#map.get(key);
  }

  /** @returns what was forgotten for it, undefined while there is room */
  set(key: Key, value: Value): Value | undefined {
    if (!this.#map.has(key)) this.#keys.push(key);
    this.#map.set(key, value);
    if (this.#map.size <= this.#most) return undefined;
    const oldest = this.#keys[this.#first] as Key;
    this.#first += 1;
    if (this.#first >= this.#most) {
      this.#keys = this.#keys.slice(this.#first);
      this.#first = 0;
    }
    const forgotten = this.#map.get(oldest);
    this.#map.delete(oldest);
    return forgotten;
  }

  values(): IterableIterator<Value> {
    return this.#map.values();
  }
}
