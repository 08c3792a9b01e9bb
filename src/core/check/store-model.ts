/**
 * The judges' own model of the store and its sessions: what the committed log makes, worked out a second time, apart from
 * the state machine that the servers run (rule R4: a session's number takes effect once and keeps its first answer).
 */
import type { WireEntry } from '../raft/types.ts';
import type { CommandResult } from '../wire/index.ts';
import { BoundedMap } from './bounded-map.ts';

const LONGEST_VALUE = 65_536;
const LONGEST_KEY = 256;

interface Asked {
  readonly op: string;
  readonly key: string;
  readonly value?: string;
  readonly expected?: string | null;
}

/** Empty at first; entries in log order. */
export class StoreModel {
  readonly #store = new Map<string, string>();
  /** Highest number applied in each session. */
  readonly #sessions = new BoundedMap<number, number>();

  /** @returns the first answer of a command in a session, null for anything else (a repetition included) */
  apply(
    entry: WireEntry,
  ): { readonly session: number; readonly sequence: number; readonly result: CommandResult } | null {
    if (entry.type === 'session') this.#sessions.set(entry.index, 0);
    if (entry.type !== 'command') return null;
    const { session, sequence } = entry;
    if (session === null || sequence === null) {
      this.#execute(entry.command as unknown as Asked);
      return null;
    }
    const last = this.#sessions.get(session);
    if (last === undefined || sequence <= last) return null;
    this.#sessions.set(session, sequence);
    return { session, sequence, result: this.#execute(entry.command as unknown as Asked) };
  }

  #execute(command: Asked): CommandResult {
    const { op, key } = command;
    if (typeof key !== 'string' || typeof op !== 'string') return { ok: false, reason: 'not-a-command' };
    if (key.length > LONGEST_KEY) return { ok: false, reason: 'key-too-long' };
    const previous = this.#store.get(key) ?? null;
    switch (op) {
      case 'get':
        return { ok: true, value: previous, previous };
      case 'delete':
        this.#store.delete(key);
        return { ok: true, value: null, previous };
      case 'set':
        return this.#write(key, command.value ?? '', previous, {});
      case 'append':
        return this.#write(key, (previous ?? '') + (command.value ?? ''), previous, {});
      case 'cas': {
        const value = command.value ?? '';
        if (value.length > LONGEST_VALUE) return { ok: false, reason: 'value-too-long' };
        if (previous !== (command.expected ?? null)) return { ok: true, value: previous, previous, swapped: false };
        return this.#write(key, value, previous, { swapped: true });
      }
      default:
        return { ok: false, reason: 'not-a-command' };
    }
  }

  #write(key: string, value: string, previous: string | null, more: { readonly swapped?: boolean }): CommandResult {
    if (value.length > LONGEST_VALUE) return { ok: false, reason: 'value-too-long' };
    this.#store.set(key, value);
    return { ok: true, value, previous, ...more };
  }
}
