/** A map that forgets its oldest keys, so that any run is judged in bounded memory. Every call takes amortised O(1). */

/** Maximum number of facts kept for one property. Older facts are forgotten and no longer compared. */
export const MOST_FACTS = 100_000;

export class BoundedMap<Key, Value> {
  readonly #map = new Map<Key, Value>();
  /**
   * Keys in the order of insertion; those before `#first` are forgotten. Finding a Map's first key costs O(deleted).
   */
  #keys: Key[] = [];
  #first = 0;
  #hasForgotten = false;
  readonly #most: number;

  constructor(most: number = MOST_FACTS) {
    this.#most = most;
  }

  get size(): number {
    return this.#map.size;
  }

  /** Whether any key was forgotten. If so, a missing key may have been in the map before. */
  get hasForgotten(): boolean {
    return this.#hasForgotten;
  }

  get(key: Key): Value | undefined {
    return this.#map.get(key);
  }

  has(key: Key): boolean {
    return this.#map.has(key);
  }

  /** @returns the value that was forgotten to make room; undefined while there is room */
  set(key: Key, value: Value): Value | undefined {
    const { size } = this.#map;
    this.#map.set(key, value);
    if (this.#map.size === size) return undefined;
    this.#keys.push(key);
    return size >= this.#most ? this.#forget() : undefined;
  }

  /** Removes a key that is no longer needed. A key that is set again later keeps its first place in the order. */
  delete(key: Key): void {
    if (this.#map.delete(key) && this.#keys.length - this.#first > 2 * this.#map.size + 1_024) this.#tidy();
  }

  values(): IterableIterator<Value> {
    return this.#map.values();
  }

  #forget(): Value | undefined {
    let oldest = this.#keys[this.#first] as Key;
    while (!this.#map.has(oldest)) {
      this.#first += 1;
      oldest = this.#keys[this.#first] as Key;
    }
    this.#first += 1;
    if (this.#first >= this.#most) {
      this.#keys = this.#keys.slice(this.#first);
      this.#first = 0;
    }
    this.#hasForgotten = true;
    const forgotten = this.#map.get(oldest);
    this.#map.delete(oldest);
    return forgotten;
  }

  /** Drops removed keys from the order of keys. */
  #tidy(): void {
    this.#keys = this.#keys.slice(this.#first).filter((key) => this.#map.has(key));
    this.#first = 0;
  }
}
