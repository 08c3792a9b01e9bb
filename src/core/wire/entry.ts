/**
 * The validator of log entries, written by hand: it checks entries in AppendEntries, which are frequent, and entries
 * read from a server's files. It checks in place and returns the same object, so a batch of entries is not copied.
 */
import { isJson, type LogEntry, type WireEntry } from '../vocabulary/index.ts';
import { type Fields, isPositive, isRecord, type Problem, problem, quote } from './check.ts';

const CHAIN = /^[0-9a-f]{16}$/;

/**
 * Parses an entry as messages carry it, without its chain.
 *
 * @param value  the result of JSON.parse
 */
export function parseWireEntry(value: unknown): WireEntry | Problem {
  return checkEntry(value, false) ?? (value as WireEntry);
}

/**
 * Parses an entry as logs store it, with its chain.
 *
 * @param value  the result of JSON.parse
 */
export function parseLogEntry(value: unknown): LogEntry | Problem {
  return checkEntry(value, true) ?? (value as LogEntry);
}

function checkEntry(value: unknown, withChain: boolean): Problem | null {
  if (!isRecord(value)) return problem('an entry is not an object');
  const isCommand = value.type === 'command';
  if (!isCommand && value.type !== 'noop' && value.type !== 'session') return problem('an entry of unknown type');
  for (const key of Object.keys(value)) {
    if (!checkField(value, key, isCommand, withChain))
      return problem(`an entry has a bad or unknown field ${quote(key)}`);
  }
  if (!Object.hasOwn(value, 'index') || !Object.hasOwn(value, 'term')) return problem('an entry has no index or term');
  if (withChain && !Object.hasOwn(value, 'chain')) return problem('an entry has no chain');
  return isCommand ? checkCommandFields(value) : null;
}

function checkField(entry: Fields, key: string, isCommand: boolean, withChain: boolean): boolean {
  const field = entry[key];
  switch (key) {
    case 'type':
      return true;
    case 'index':
    case 'term':
      return isPositive(field);
    case 'chain':
      return withChain && typeof field === 'string' && CHAIN.test(field);
    case 'session':
    case 'sequence':
      return isCommand && (field === null || isPositive(field));
    case 'command':
      return isCommand && isJson(field);
    default:
      return false;
  }
}

/** Session and sequence number must both be set or both be null (`Start()` sets neither). */
function checkCommandFields(entry: Fields): Problem | null {
  for (const key of ['session', 'sequence', 'command']) {
    if (!Object.hasOwn(entry, key)) return problem(`a command entry has no ${key}`);
  }
  if ((entry.session === null) !== (entry.sequence === null)) return problem('a session without a sequence number');
  return null;
}
