/**
 * The judges' own model of the store and its sessions. It computes the effects of the committed log a second time,
 * independently of the state machine that the servers run (rule R4: a session's number takes effect once and keeps its
 * first answer). Values are kept as digests, so that the model stays small beside the store.
 */
import type { Answer } from './answer.ts';
import { BoundedMap } from './bounded-map.ts';
import { MAP_ENTRY_BYTES, RECORD_BYTES, textBytes } from './bytes.ts';
import { type Digest, joined, unitsOf } from './digest.ts';
import type { LoggedCommand, LoggedEntry } from './logged-entry.ts';

const LONGEST_VALUE = 65_536;
/** Maximum numbers of keys and sessions that are kept. */
const MOST_KEYS = 100_000;
const MOST_SESSIONS = 100_000;

/** The result of a session's number when the log applies it for the first time. */
export interface Made {
  readonly session: number;
  readonly sequence: number;
  /** The answer; null when it depends on a forgotten key. */
  readonly result: Answer | null;
}

interface Stored {
  /** The value; null when the key is known to be absent. */
  readonly value: Digest | null;
  readonly bytes: number;
}

/** A store that is empty at first. Entries are applied in the order of the log. */
export class StoreModel {
  readonly #store: BoundedMap<string, Stored>;
  #bytes = 0;
  /** Whether a key was forgotten. If so, a missing key may hold anything. */
  #hasForgotten = false;
  /** Highest number applied in each session. */
  readonly #sessions = new BoundedMap<number, number>(MOST_SESSIONS);

  /** @param mostKeys  maximum number of keys that are remembered; beyond it the oldest are forgotten */
  constructor(mostKeys: number = MOST_KEYS) {
    this.#store = new BoundedMap(mostKeys);
  }

  /** @returns the first answer to a command of a session; null for anything else, including a repetition */
  apply(entry: LoggedEntry): Made | null {
    if (entry.type === 'session') {
      this.#sessions.set(entry.index, 0);
      return null;
    }
    const { session, sequence, command } = entry;
    if (session === null || sequence === null) {
      this.#execute(command);
      return null;
    }
    const last = this.#sessions.get(session);
    if (last === undefined || sequence <= last) return null;
    this.#sessions.set(session, sequence);
    return { session, sequence, result: this.#execute(command) };
  }

  keptBytes(): number {
    return this.#bytes + this.#sessions.size * MAP_ENTRY_BYTES;
  }

  #execute(command: LoggedCommand): Answer | null {
    if (command.op === 'none') return { refused: command.reason };
    const { key } = command;
    const previous = this.#read(key);
    switch (command.op) {
      case 'get':
        return answer(previous, previous);
      case 'delete':
        this.#put(key, null);
        return answer(null, previous);
      case 'set':
        return this.#write(key, command.value, previous);
      case 'append':
        return this.#write(key, previous === undefined ? undefined : joined(previous ?? '=', command.value), previous);
      case 'cas': {
        if (unitsOf(command.value) > LONGEST_VALUE) return VALUE_TOO_LONG;
        if (previous === undefined) {
          this.#put(key, undefined);
          return null;
        }
        if (previous !== command.expected) return answer(previous, previous, false);
        return this.#write(key, command.value, previous, true);
      }
    }
  }

  /** Returns undefined when the key was forgotten, or its value became unknown. */
  #read(key: string): Digest | null | undefined {
    const stored = this.#store.get(key);
    if (stored !== undefined) return stored.value;
    return this.#hasForgotten ? undefined : null;
  }

  /** Sets a key's value; `undefined` when its value is no longer known. */
  #put(key: string, value: Digest | null | undefined): void {
    this.#bytes -= this.#store.get(key)?.bytes ?? 0;
    if (value === undefined) {
      this.#store.delete(key);
      this.#hasForgotten = true;
      return;
    }
    const bytes = MAP_ENTRY_BYTES + RECORD_BYTES + textBytes(key.length) + textBytes(value?.length ?? 0);
    this.#bytes += bytes;
    const forgotten = this.#store.set(key, { value, bytes });
    if (forgotten === undefined) return;
    this.#bytes -= forgotten.bytes;
    this.#hasForgotten = true;
  }

  #write(
    key: string,
    value: Digest | undefined,
    previous: Digest | null | undefined,
    swapped: boolean | null = null,
  ): Answer | null {
    if (value !== undefined && unitsOf(value) > LONGEST_VALUE) return VALUE_TOO_LONG;
    this.#put(key, value);
    return answer(value, previous, swapped);
  }
}

const VALUE_TOO_LONG: Answer = { refused: 'value-too-long' };

/** Returns null when a value is `undefined`, because it was forgotten. */
function answer(
  value: Digest | null | undefined,
  previous: Digest | null | undefined,
  swapped: boolean | null = null,
): Answer | null {
  return value === undefined || previous === undefined ? null : { refused: null, value, previous, swapped };
}
