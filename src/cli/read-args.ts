/**
 * Turns the arguments of the program into a command with the values of its options, or into a sentence about the
 * mistake. Flow: argv → here, with the table of commands.ts → index.ts.
 */
import { parseArgs } from 'node:util';
import type { CommandRow } from './command-row.ts';
import { COMMANDS, COMMON } from './commands.ts';
import type { Options, Values } from './options.ts';
import type { SentenceKey } from './words.ts';
import { type SentenceParams, WrongArgs } from './wrong-args.ts';

/** A command line that names a command. */
export interface AskedCommand {
  readonly kind: 'command';
  readonly of: CommandRow;
  readonly operands: readonly string[];
  readonly options: Values<Options>;
}

/** The request of a command line. */
export type Asked =
  | { readonly kind: 'help'; readonly of: CommandRow | null }
  | { readonly kind: 'version' }
  | AskedCommand
  | {
      readonly kind: 'wrong';
      readonly key: SentenceKey;
      readonly params: SentenceParams;
      readonly of: CommandRow | null;
    };

/** Reads the arguments after the program's name. */
export function readArgs(args: readonly string[]): Asked {
  const [first, ...rest] = args;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    return { kind: 'help', of: rowOf(rest[0] ?? '') };
  }
  if (first === '--version' || first === '-v') return { kind: 'version' };
  const of = rowOf(first);
  try {
    if (of === null) throw unknownCommand(first);
    return readCommand(of, rest);
  } catch (problem) {
    if (!(problem instanceof WrongArgs)) throw problem;
    return { kind: 'wrong', key: problem.key, params: problem.params, of };
  }
}

function rowOf(name: string): CommandRow | null {
  return COMMANDS.find((one) => one.name === name) ?? null;
}

/** @throws WrongArgs */
function readCommand(of: CommandRow, args: readonly string[]): Asked {
  const known: Options = { ...of.options, ...COMMON };
  const types = Object.entries(known).map(([name, { value }]) => {
    return [name, { type: value === null ? 'boolean' : 'string' } as const] as const;
  });
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: { ...Object.fromEntries(types), help: { type: 'boolean', short: 'h' } },
  });
  const found: Record<string, unknown> = {};
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    const params = { option: rawName, command: of.name };
    if (option === undefined) throw unknownOption(of, rawName, Object.keys(known));
    if (option.value === null && value !== undefined) throw new WrongArgs('noValue', params);
    if (option.value !== null && (value === undefined || value === '')) {
      throw new WrongArgs('needsValue', { ...params, value: option.value });
    }
    if (Object.hasOwn(found, name)) throw new WrongArgs('twice', params);
    found[name] = option.read(value ?? '', rawName);
  }
  if (found.help === true) return { kind: 'help', of };
  const extra = operands[of.most];
  if (extra !== undefined) throw new WrongArgs('tooMany', { command: of.name, extra });
  const absent = Object.entries(of.options).map(([name, option]) => [name, option.absent] as const);
  return { kind: 'command', of, operands, options: { ...Object.fromEntries(absent), ...found } };
}

function unknownCommand(command: string): WrongArgs {
  const names = COMMANDS.map(({ name }) => name);
  const near = nearest(command, names);
  return near === null
    ? new WrongArgs('unknownCommand', { command })
    : new WrongArgs('unknownCommandNear', { command, near });
}

function unknownOption(of: CommandRow, option: string, names: readonly string[]): WrongArgs {
  const params = { option, command: of.name };
  const known = names.map((name) => `--${name}`);
  const near = nearest(option, known);
  return near === null
    ? new WrongArgs('unknownOption', params)
    : new WrongArgs('unknownOptionNear', { ...params, near });
}

/** Returns the known word with the fewest typing mistakes, at most two; null when each has more. */
function nearest(word: string, known: readonly string[]): string | null {
  const [best] = known.map((one) => ({ one, far: distance(word, one) })).sort((a, b) => a.far - b.far);
  return best !== undefined && best.far <= 2 ? best.one : null;
}

/** Returns the number of letters to insert, remove or replace (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
