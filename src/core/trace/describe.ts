/** Commands and results in the words a person types: the same in every language, so the fold may make them. */
import type { Json } from '../raft/types.ts';
import type { CommandResult } from '../wire/commands.ts';

const MAX_LENGTH = 48;

/**
 * A command as one would type it: `set x 5`. What is not a command of the store (a `Start()` entry may be any
 * JSON) is shown as JSON. Long texts end in `…`.
 */
export function describeCommand(command: Json): string {
  if (typeof command !== 'object' || command === null || Array.isArray(command))
    return shorten(JSON.stringify(command));
  const { op, key, value, expected } = command as { readonly [field: string]: Json };
  if (typeof op !== 'string' || typeof key !== 'string') return shorten(JSON.stringify(command));
  const words = [op, quote(key)];
  if (op === 'cas') words.push(expected === null || expected === undefined ? '∅' : quote(String(expected)));
  if (value !== undefined) words.push(quote(String(value)));
  return shorten(words.join(' '));
}

/** The result of a command: the value, `∅` for an absent key, or the reason of a refusal. */
export function describeResult(result: CommandResult): string {
  if (!result.ok) return result.reason;
  const value = result.value === null ? '∅' : quote(result.value);
  if (result.swapped === undefined) return shorten(value);
  return shorten(result.swapped ? `✓ ${value}` : `✗ ${value}`);
}

function quote(text: string): string {
  return text === '' || /[\s"]/.test(text) ? JSON.stringify(text) : text;
}

function shorten(text: string): string {
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1)}…`;
}
