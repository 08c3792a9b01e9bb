/** A map that forgets its oldest keys, so that a run of any length is judged in bounded memory. Every call is O(1), amortised. */

/** Facts kept for one property; what came before is no longer compared. */
export const MOST_FACTS = 100_000;

export class BoundedMap<Key, Value> {
  readonly #map = new Map<Key, Value>();
  /** Keys in the order in which they came, the forgotten ones up to `#first`. A Map's own first key costs O(deleted). */
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

  /** Whether a key that is not found may have been there. */
  get hasForgotten(): boolean {
    return this.#hasForgotten;
  }

  get(key: Key): Value | undefined {
    return this.#map.get(key);
  }

  has(key: Key): boolean {
    return this.#map.has(key);
  }

  /** @returns what was forgotten for it, undefined while there is room */
  set(key: Key, value: Value): Value | undefined {
    const { size } = this.#map;
    this.#map.set(key, value);
    if (this.#map.size === size) return undefined;
    this.#keys.push(key);
    return size >= this.#most ? this.#forget() : undefined;
  }

  /** Takes a key out that is not needed any more. One that is set again later keeps its first place in the order. */
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

  /** Drops the places of keys that were taken out. */
  #tidy(): void {
    this.#keys = this.#keys.slice(this.#first).filter((key) => this.#map.has(key));
    this.#first = 0;
  }
}
