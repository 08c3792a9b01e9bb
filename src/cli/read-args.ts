/** The words of a command line become a command with its options, or a sentence about what was wrong and where. */
import { parseArgs } from 'node:util';
import { COMMANDS, COMMON, type CommandName, type CommandRow } from './commands.ts';
import type { SentenceKey } from './words.ts';

/** The parsed command line; options by name, switches as `true`. */
export type Asked =
  | { readonly kind: 'help'; readonly of: CommandRow | null }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'command';
      readonly name: CommandName;
      readonly operand: string | null;
      /** The words after it, for a command that takes more than one. */
      readonly rest: readonly string[];
      readonly options: Readonly<Record<string, string | boolean | undefined>>;
    }
  | {
      readonly kind: 'wrong';
      readonly key: SentenceKey;
      readonly params: Readonly<Record<string, string>>;
      readonly of: CommandRow | null;
    };

/** Reads what stands after the program's name. */
export function readArgs(args: readonly string[]): Asked {
  const [first, ...rest] = args;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    return { kind: 'help', of: COMMANDS.find(({ name }) => name === rest[0]) ?? null };
  }
  if (first === '--version' || first === '-v') return { kind: 'version' };
  const of = COMMANDS.find(({ name }) => name === first) ?? null;
  if (of === null) {
    const near = nearest(
      first,
      COMMANDS.map(({ name }) => name),
    );
    if (near === null) return { kind: 'wrong', key: 'unknownCommand', params: { command: first }, of };
    return { kind: 'wrong', key: 'unknownCommandNear', params: { command: first, near }, of };
  }
  return readOptions(of, rest);
}

function readOptions(of: CommandRow, args: readonly string[]): Asked {
  const rows = [...of.options, ...COMMON];
  const options = Object.fromEntries(
    rows.map(({ name, value }) => [name, { type: value === null ? 'boolean' : 'string' } as const]),
  );
  const { tokens } = parseArgs({
    ...{ args: [...args], strict: false, tokens: true, allowPositionals: true },
    options: { ...options, help: { type: 'boolean', short: 'h' } },
  });
  const found: Record<string, string | boolean> = {};
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const row = rows.find(({ name }) => name === token.name);
    const params = { option: token.rawName, command: of.name };
    if (row === undefined)
      return unknownOption(
        of,
        token.rawName,
        rows.map(({ name }) => `--${name}`),
      );
    if (row.value === null && token.value !== undefined) return { kind: 'wrong', key: 'noValue', params, of };
    if (row.value !== null && (token.value === undefined || token.value === '')) {
      return { kind: 'wrong', key: 'needsValue', params: { ...params, value: row.value }, of };
    }
    const choices = row.value?.includes('|') === true ? row.value.split('|') : [];
    if (choices.length > 0 && !choices.includes(token.value ?? '')) {
      const wrong = { ...params, given: token.value ?? '', choices: choices.join(', ') };
      return { kind: 'wrong', key: 'notAChoice', params: wrong, of };
    }
    if (found[token.name] !== undefined) return { kind: 'wrong', key: 'twice', params, of };
    found[token.name] = token.value ?? true;
  }
  if (found.help === true) return { kind: 'help', of };
  const most = of.operand === '' ? 0 : (of.most ?? 1);
  const extra = operands[most];
  if (extra !== undefined) return { kind: 'wrong', key: 'tooMany', params: { command: of.name, extra }, of };
  const [operand = null, ...rest] = operands;
  return { kind: 'command', name: of.name, operand, rest, options: found };
}

function unknownOption(of: CommandRow, option: string, known: readonly string[]): Asked {
  const near = nearest(option, known);
  const params = { option, command: of.name };
  if (near === null) return { kind: 'wrong', key: 'unknownOption', params, of };
  return { kind: 'wrong', key: 'unknownOptionNear', params: { ...params, near }, of };
}

/** The one of these that is at most two slips of the finger away; null when none is. */
function nearest(word: string, known: readonly string[]): string | null {
  const [best] = known.map((one) => ({ one, far: distance(word, one) })).sort((a, b) => a.far - b.far);
  return best !== undefined && best.far <= 2 ? best.one : null;
}

/** How many letters to insert, remove or replace (Levenshtein). */
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
