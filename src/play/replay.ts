/**
 * The judge's own store, replayed from the commands of a log as the files hold them. It repeats the rules of the store
 * and of sessions without the servers' code: a session's number takes effect once (rule R4), and a command that is
 * invalid or exceeds the store's limits changes nothing. Flow: file-judge.ts → here.
 */

import type { FileEntry } from '../cluster/disk/tail-reader.ts';
import { MAX_KEY_LENGTH, MAX_VALUE_LENGTH } from '../core/vocabulary/index.ts';

/** The fields of a command in a file. Each may be absent or of another type, because Start() takes any JSON. */
interface FileCommand {
  readonly op?: unknown;
  readonly key?: unknown;
  readonly value?: unknown;
  readonly expected?: unknown;
}

/** A store that starts empty; entries are applied in log order. */
export class Replay {
  readonly #store = new Map<string, string>();
  readonly #sessions = new Map<number, number>();
  /** All texts whose append took effect. */
  readonly #appended = new Set<string>();
  #commands = 0;

  /** The present content of the store. */
  get store(): ReadonlyMap<string, string> {
    return this.#store;
  }

  /** Number of entries that hold a command, repetitions included. */
  get commands(): number {
    return this.#commands;
  }

  /** Whether the append of this text took effect. */
  hasAppended(text: string): boolean {
    return this.#appended.has(text);
  }

  /** Applies an entry. @returns a text whose append took effect twice; null otherwise */
  apply(entry: FileEntry): string | null {
    if (entry.type === 'session') this.#sessions.set(entry.index, 0);
    if (entry.type !== 'command') return null;
    this.#commands += 1;
    const { session, sequence, command } = entry;
    if (typeof session === 'number') {
      const last = this.#sessions.get(session);
      if (last === undefined || typeof sequence !== 'number' || sequence <= last) return null;
      this.#sessions.set(session, sequence);
    }
    return this.#execute((typeof command === 'object' && command !== null ? command : {}) as FileCommand);
  }

  #execute({ op, key, value, expected }: FileCommand): string | null {
    if (typeof key !== 'string' || key.length > MAX_KEY_LENGTH) return null;
    if (op === 'delete') this.#store.delete(key);
    if (typeof value !== 'string') return null;
    const previous = this.#store.get(key);
    if (op === 'set') this.#write(key, value);
    // `expected: null` means that the key is absent. A command without the field is invalid and has no effect.
    if (op === 'cas' && expected === (previous ?? null)) this.#write(key, value);
    if (op !== 'append' || !this.#write(key, (previous ?? '') + value)) return null;
    if (this.#appended.has(value)) return value;
    this.#appended.add(value);
    return null;
  }

  /** Writes a value. @returns false when the value is too long, in which case the store does not change */
  #write(key: string, value: string): boolean {
    if (value.length > MAX_VALUE_LENGTH) return false;
    this.#store.set(key, value);
    return true;
  }
}
