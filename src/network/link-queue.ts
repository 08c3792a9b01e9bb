/**
 * The queue of one directed link, ordered by due time and then by arrival. It is bounded, so that a receiver that does not
 * read costs limited memory; further messages are dropped and reported (Raft tolerates loss).
 */

/** Maximum number of messages that may wait on one link. */
export const MAX_QUEUED_MESSAGES = 10_000;
/** Maximum number of bytes that may wait on one link, including those already handed to the receiver's socket. */
export const MAX_QUEUED_BYTES = 4 * 1024 * 1024;

/** The fields of a message that a queue uses. */
export interface Queued {
  readonly dueUs: number;
  /** Bytes of the frame; 0 for a close. */
  readonly size: number;
}

/** Messages in flight on one link, in order, bounded. */
export interface LinkQueue<Item extends Queued> {
  /** Whether a message of `size` bytes fits when the receiver's socket already holds `unsentBytes`. */
  hasRoom(size: number, unsentBytes: number): boolean;
  /** Adds a message behind all that are due earlier or at the same time. */
  add(item: Item): void;
  head(): Item | undefined;
  /** Removes the head. */
  shift(): void;
  /** Removes the matching messages and returns them in order; the others stay. */
  takeWhere(belongs: (item: Item) => boolean): readonly Item[];
  /** Empties the queue and returns its messages in order. */
  takeAll(): readonly Item[];
  length(): number;
}

/** An empty queue. */
export function createLinkQueue<Item extends Queued>(): LinkQueue<Item> {
  let items: Item[] = [];
  // Index of the queue's head. The array is compacted now and then, because each `shift` of an array of 10,000 is slow.
  let first = 0;
  let bytes = 0;

  return {
    hasRoom(size, unsentBytes) {
      if (items.length - first >= MAX_QUEUED_MESSAGES) return false;
      const waiting = bytes + unsentBytes;
      // A message larger than the bound still passes alone; the frame limit bounds its size.
      return waiting === 0 || waiting + size <= MAX_QUEUED_BYTES;
    },
    add(item) {
      let at = items.length;
      while (at > first && (items[at - 1] as Item).dueUs > item.dueUs) at -= 1;
      items.splice(at, 0, item);
      bytes += item.size;
    },
    head: () => items[first],
    shift() {
      const head = items[first];
      if (head === undefined) return;
      bytes -= head.size;
      first += 1;
      if (first > 512 && first * 2 > items.length) {
        items = items.slice(first);
        first = 0;
      }
    },
    takeWhere(belongs) {
      const all = items.slice(first);
      const taken = all.filter(belongs);
      items = all.filter((item) => !belongs(item));
      first = 0;
      for (const { size } of taken) bytes -= size;
      return taken;
    },
    takeAll() {
      const all = items.slice(first);
      items = [];
      first = 0;
      bytes = 0;
      return all;
    },
    length: () => items.length - first,
  };
}
