/**
 * Short texts of commands and results for captions and lists. They are the same in every language, so the fold may
 * create them.
 */
import { type CommandResult, fieldsOf, parseCommand } from './command.ts';
import type { Json } from './json.ts';

const MAX_LENGTH = 48;

/**
 * Returns a command as a person types it: `set x 5`, with `∅` for an absent key. Any other content (a `Start()` entry
 * may be any JSON) is shown as JSON. A text over 48 characters ends in `…`.
 */
export function describeCommand(json: Json): string {
  const command = parseCommand(json);
  if (command === null) return shorten(JSON.stringify(json));
  const values = command as Readonly<Record<string, string | null>>;
  const words = fieldsOf(command.op).map(([name]) => textOf(values[name] ?? null));
  return shorten([command.op, ...words].join(' '));
}

/** Returns the result of a command: the value, `∅` for an absent key, or the reason of a refusal. */
export function describeResult(result: CommandResult): string {
  if (!result.ok) return result.reason;
  const value = textOf(result.value);
  if (result.swapped === undefined) return shorten(value);
  return shorten(result.swapped ? `✓ ${value}` : `✗ ${value}`);
}

function textOf(text: string | null): string {
  if (text === null) return '∅';
  return text === '' || /[\s"]/.test(text) ? JSON.stringify(text) : text;
}

function shorten(text: string): string {
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1)}…`;
}
