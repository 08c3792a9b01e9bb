/**
 * The commands of the replicated key-value store and their results; values are strings. `COMMANDS` has one row for each
 * command. The type, the parsers in this file, the command line (command-line.ts) and the text of a command follow from
 * it.
 */
import type { Json } from './json.ts';

/** One field of a command. */
interface CommandField {
  /** Name of the field in usage lines: `set key value`. */
  readonly word: string;
  /** Whether the field may be null, which means that the key is absent. */
  readonly nullable: boolean;
}

const key = { word: 'key', nullable: false } as const;
const value = { word: 'value', nullable: false } as const;

/** Every command with its fields, in the order in which they are typed. */
export const COMMANDS = {
  set: { key, value },
  get: { key },
  append: { key, value },
  delete: { key },
  /** Sets `value` only if the key now holds `expected`; null means that the key must be absent. */
  cas: { key, expected: { word: 'old', nullable: true }, value: { word: 'new', nullable: false } },
} as const satisfies Readonly<Record<string, Readonly<Record<string, CommandField>>>>;

type Commands = typeof COMMANDS;

/** First word of a command. */
export type CommandOp = keyof Commands;

/** A command of the store. */
export type Command = {
  [Op in CommandOp]: { readonly op: Op } & {
    readonly [Name in keyof Commands[Op]]: Commands[Op][Name] extends { readonly nullable: true }
      ? string | null
      : string;
  };
}[CommandOp];

/**
 * The result of a command. `value`: the key's value after the command; null when the key is absent. `previous`: its
 * value before. `swapped`: only for cas.
 */
export type CommandResult =
  | { readonly ok: true; readonly value: string | null; readonly previous: string | null; readonly swapped?: boolean }
  | { readonly ok: false; readonly reason: CommandRefusal };

/** Reasons for which the store refuses an entry; it is then unchanged. */
export const COMMAND_REFUSALS = ['not-a-command', 'value-too-long', 'key-too-long'] as const;
/** Reason for which the store refuses an entry; it is then unchanged. */
export type CommandRefusal = (typeof COMMAND_REFUSALS)[number];

/** Maximum length of a value, in UTF-16 code units. */
export const MAX_VALUE_LENGTH = 65_536;
/** Maximum length of a key, in UTF-16 code units. */
export const MAX_KEY_LENGTH = 256;

/** All commands, in the order of the table. */
export const COMMAND_OPS = Object.keys(COMMANDS) as readonly CommandOp[];

/** Fields of each command with their names, in the order in which they are typed. */
const FIELDS = new Map<unknown, readonly (readonly [name: string, field: CommandField])[]>(
  COMMAND_OPS.map((op) => [op, Object.entries(COMMANDS[op])]),
);

/**
 * Returns the fields of a command with their names, in the order in which they are typed; empty for an unknown command.
 */
export function fieldsOf(op: unknown): readonly (readonly [name: string, field: CommandField])[] {
  return FIELDS.get(op) ?? [];
}

/**
 * Returns the command in an entry, or null. Members that the command does not have are left out, because course tests
 * may put any JSON into the log. Lengths are not checked here.
 */
export function parseCommand(json: Json): Command | null {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return null;
  const given = json as { readonly [member: string]: Json | undefined };
  const fields = FIELDS.get(given.op);
  if (fields === undefined) return null;
  const command: Record<string, unknown> = { op: given.op };
  for (const [name, { nullable }] of fields) {
    const member = given[name];
    if (typeof member !== 'string' && !(nullable && member === null)) return null;
    command[name] = member;
  }
  return command as Command;
}

/** True for a command without extra members. A request with extra members probably meant something else. */
export function isCommand(value: unknown): value is Command {
  const command = parseCommand(value as Json);
  return command !== null && Object.keys(value as object).length === Object.keys(command).length;
}
