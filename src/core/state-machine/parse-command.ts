/**
 * Is this JSON a command of the store? Written by hand because every applied entry passes here. Course tests put
 * any JSON into the log (a number, a random string); that is no error, it is just not a command.
 */
import type { Json } from '../raft/types.ts';
import type { Command } from './commands.ts';

/** The command a JSON value says, or null. Members that a command does not have are left out. */
export function parseCommand(json: Json): Command | null {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return null;
  }
  const { op, key, value, expected } = json as { readonly [member: string]: Json | undefined };
  if (typeof key !== 'string') {
    return null;
  }
  switch (op) {
    case 'get':
    case 'delete':
      return { op, key };
    case 'set':
    case 'append':
      return typeof value === 'string' ? { op, key, value } : null;
    case 'cas':
      return typeof value === 'string' && (typeof expected === 'string' || expected === null)
        ? { op, key, expected, value }
        : null;
    default:
      return null;
  }
}
