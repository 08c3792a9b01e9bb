/**
 * The parts of an entry that a replay of the log needs: its session and number, its operation and key, and digests of
 * its values. The text of the command is dropped.
 */
import type { Json, WireEntry } from '../vocabulary/index.ts';
import { RECORD_BYTES, textBytes } from './bytes.ts';
import { type Digest, type Digests, SHORT_UNITS } from './digest.ts';

/** Longest key of the store, in UTF-16 code units. */
export const LONGEST_KEY = 256;

/** A command of the store with digests in place of its values. */
export type LoggedCommand =
  | { readonly op: 'get' | 'delete'; readonly key: string }
  | { readonly op: 'set' | 'append'; readonly key: string; readonly value: Digest }
  | { readonly op: 'cas'; readonly key: string; readonly expected: Digest | null; readonly value: Digest }
  | { readonly op: 'none'; readonly reason: 'not-a-command' | 'key-too-long' };

/** An entry that changes the store or its sessions. */
export type LoggedEntry =
  | { readonly type: 'session'; readonly index: number }
  | {
      readonly type: 'command';
      readonly session: number | null;
      readonly sequence: number | null;
      readonly command: LoggedCommand;
    };

/** Returns null for an entry that changes neither the store nor its sessions. */
export function loggedEntry(entry: WireEntry, digests: Digests): LoggedEntry | null {
  if (entry.type === 'session') return { type: 'session', index: entry.index };
  if (entry.type === 'noop') return null;
  const { session, sequence, command } = entry;
  return { type: 'command', session, sequence, command: loggedCommand(command, digests) };
}

/** Parses a command. The log may hold any JSON; JSON that is not a command of the store has no effect on it. */
export function loggedCommand(json: Json, digests: Digests): LoggedCommand {
  const none = { op: 'none', reason: 'not-a-command' } as const;
  if (typeof json !== 'object' || json === null) return none;
  const { op, key, value, expected } = json as { readonly [member: string]: Json | undefined };
  if (typeof key !== 'string') return none;
  const isWrite = op === 'set' || op === 'append' || op === 'cas';
  if (isWrite ? typeof value !== 'string' : op !== 'get' && op !== 'delete') return none;
  if (op === 'cas' && typeof expected !== 'string' && expected !== null) return none;
  if (key.length > LONGEST_KEY) return { op: 'none', reason: 'key-too-long' };
  if (op === 'get' || op === 'delete') return { op, key };
  const written = digests.of(value as string);
  if (op === 'cas')
    return { op, key, expected: expected === null ? null : digests.of(expected as string), value: written };
  return { op: op as 'set' | 'append', key, value: written };
}

/** Whether hashing the entry for its chain costs more than everything else that is done with it. */
export function isLong(entry: WireEntry): boolean {
  if (entry.type !== 'command' || typeof entry.command !== 'object' || entry.command === null) return false;
  const { value } = entry.command as { readonly value?: Json };
  return typeof value === 'string' && value.length > LONG_UNITS;
}

const LONG_UNITS = 4_096;

/** Bytes of a logged entry, as if every value had the longest digest. */
export function loggedBytes(logged: LoggedEntry | null): number {
  if (logged === null) return 0;
  if (logged.type === 'session') return RECORD_BYTES;
  const { command } = logged;
  const records = 2 * RECORD_BYTES;
  if (command.op === 'none') return records;
  const digests = command.op === 'cas' ? 2 : command.op === 'get' || command.op === 'delete' ? 0 : 1;
  return records + textBytes(command.key.length) + digests * DIGEST_BYTES;
}

/** Bytes of the longest digest: 64 units and a mark, or a hash with a head of 40. */
const DIGEST_BYTES = textBytes(SHORT_UNITS + 2);

/** Bytes of an entry as it was reported, texts included. */
export function entryBytes(entry: WireEntry): number {
  return 2 * RECORD_BYTES + (entry.type === 'command' ? textBytes(unitsIn(entry.command)) : 0);
}

/** Number of units of all texts in a command, which may be any JSON. */
function unitsIn(json: unknown): number {
  if (typeof json === 'string') return json.length;
  if (typeof json !== 'object' || json === null) return 8;
  return Object.values(json).reduce((sum: number, member) => sum + unitsIn(member), RECORD_BYTES);
}
