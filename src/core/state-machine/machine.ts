/**
 * The replicated state machine: the store and the client sessions, fed with committed entries in log order. It is pure
 * data with shared structure, and each life rebuilds it from entry 1. Once snapshots are built, a snapshot will hold
 * this state, sessions included (rule R4).
 */
import type { Rules } from '../raft/rules.ts';
import { type CommandResult, type LogEntry, type LogIndex, parseCommand, type WireEntry } from '../vocabulary/index.ts';
import { EMPTY_MAP, getItem, itemsAfter, type SortedMap, setItem } from './sorted-map.ts';
import { execute, type Store } from './store.ts';

/**
 * The state of a session: the last applied sequence number and its first result. `sequence` is 0 before the first
 * command.
 */
export interface Session {
  readonly sequence: number;
  readonly result: CommandResult | null;
}

/** The rules that applying an entry uses. */
export type ApplyRules = Pick<Rules, 'sessionDecision' | 'answerToRepeat'>;

/** The state that results from applying the log so far. */
export interface Machine {
  readonly store: Store;
  /** Open sessions by id, which is the index of the entry that opened the session. Sessions do not expire yet. */
  readonly sessions: SortedMap<LogIndex, Session>;
  readonly lastApplied: LogIndex;
}

/** The answer to the caller of an entry. `none`: the entry has no caller (a leader's empty entry). */
export type Answer =
  | { readonly type: 'result'; readonly result: CommandResult }
  | { readonly type: 'session'; readonly session: LogIndex }
  | { readonly type: 'refused'; readonly reason: 'unknown-session' | 'superseded' }
  | { readonly type: 'none' };

/** The machine after an entry, and the answer to the caller that proposed the entry. */
export interface Applied {
  readonly machine: Machine;
  readonly answer: Answer;
}

/** The machine of an empty log. */
export function emptyMachine(): Machine {
  return { store: EMPTY_MAP, sessions: EMPTY_MAP, lastApplied: 0 };
}

/**
 * Applies one committed entry. A command in a session takes effect at most once (R4). A command without a session, from
 * Start(), takes effect once for each entry.
 *
 * @param rules the record given to `step`; only the rules of sessions are used
 * @throws RangeError when the entry is not the next one, because its caller broke the order of the log
 */
export function applyEntry(rules: ApplyRules, machine: Machine, entry: WireEntry | LogEntry): Applied {
  const { index } = entry;
  if (index !== machine.lastApplied + 1) {
    throw new RangeError(`entry ${index} cannot be applied after entry ${machine.lastApplied}`);
  }
  const moved: Machine = { ...machine, lastApplied: index };
  switch (entry.type) {
    case 'noop':
      return { machine: moved, answer: { type: 'none' } };
    case 'session': {
      const sessions = setItem(machine.sessions, index, { sequence: 0, result: null });
      return { machine: { ...moved, sessions }, answer: { type: 'session', session: index } };
    }
    case 'command':
      return entry.session === null ? applyCommand(moved, entry) : applyInSession(rules, moved, entry, entry.session);
  }
}

/** A key and its value. */
export interface StoreItem {
  readonly key: string;
  readonly value: string;
}

/** A page of the store as of `lastApplied`. Pages with equal `lastApplied` belong to the same state of the store. */
export interface StorePage {
  readonly lastApplied: LogIndex;
  /** Number of keys in the whole store. */
  readonly total: number;
  /** In key order (by UTF-16 code unit). */
  readonly items: readonly StoreItem[];
  /** The last key of this page when more keys follow it; null when this page reaches the end of the store. */
  readonly next: string | null;
}

/**
 * Maximum length of the keys and values in one page, in UTF-16 code units. Encoding a page takes a few milliseconds, so
 * heartbeats between two pages stay in time, and a page fits into one frame in any encoding. The first item is always
 * part of the page, so that a reader makes progress.
 */
const MAX_PAGE_LENGTH = 524_288;

/**
 * Returns one page of the store.
 *
 * @param from.after  the page begins after this key; null begins with the first key
 * @param from.limit  maximum number of items, at least 1
 */
export function storePage(
  machine: Machine,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): StorePage {
  const items: StoreItem[] = [];
  let length = 0;
  let next: string | null = null;
  // One item more than the page may hold shows whether another page follows.
  for (const [key, value] of itemsAfter(machine.store, after, limit + 1)) {
    length += key.length + value.length;
    if (items.length === limit || (items.length > 0 && length > MAX_PAGE_LENGTH)) {
      next = items.at(-1)?.key ?? after;
      break;
    }
    items.push({ key, value });
  }
  return { lastApplied: machine.lastApplied, total: keyCount(machine), items, next };
}

/** Returns the number of keys in the store. */
export function keyCount(machine: Machine): number {
  return machine.store.size;
}

/** Returns the number of open sessions. */
export function sessionCount(machine: Machine): number {
  return machine.sessions.size;
}

type CommandEntry = Extract<WireEntry, { type: 'command' }>;

function applyCommand(machine: Machine, entry: CommandEntry): Applied & { readonly result: CommandResult } {
  const command = parseCommand(entry.command);
  if (command === null) {
    const result: CommandResult = { ok: false, reason: 'not-a-command' };
    return { machine, answer: { type: 'result', result }, result };
  }
  const { store, result } = execute(machine.store, command);
  return { machine: { ...machine, store }, answer: { type: 'result', result }, result };
}

function applyInSession(rules: ApplyRules, machine: Machine, entry: CommandEntry, session: LogIndex): Applied {
  const known = getItem(machine.sessions, session);
  const sequence = entry.sequence ?? 0;
  const decision = rules.sessionDecision(known?.sequence ?? null, sequence);
  switch (decision) {
    case 'apply': {
      const { machine: applied, answer, result } = applyCommand(machine, entry);
      const sessions = setItem(machine.sessions, session, { sequence, result });
      return { machine: { ...applied, sessions }, answer };
    }
    case 'repeat': {
      const first = known?.result ?? null;
      if (first === null) return { machine, answer: { type: 'refused', reason: 'superseded' } };
      const result = rules.answerToRepeat(first, () => applyCommand(machine, entry).result);
      return { machine, answer: { type: 'result', result } };
    }
    case 'superseded':
    case 'unknown-session':
      return { machine, answer: { type: 'refused', reason: decision } };
  }
}
