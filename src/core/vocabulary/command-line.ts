/**
 * The language of the command line: `set x 5`, `get x`, `append x y`, `delete x`, `cas x old new`. A line is parsed
 * into a Command or into an error with its position. The dashboard and the terminal use this parser. Usage lines, hints
 * and completions come from the table of commands.
 */
import { COMMAND_OPS, type Command, type CommandOp, fieldsOf, MAX_KEY_LENGTH, MAX_VALUE_LENGTH } from './command.ts';

/** Why a line is not a command; the key of a translation (`command-error.<code>`). */
export type CommandLineErrorCode =
  | 'empty'
  | 'unknown-command'
  | 'missing-word'
  | 'extra-word'
  | 'unclosed-quote'
  | 'bad-escape'
  | 'no-space-after-quote'
  | 'empty-key'
  | 'long-word';

/** Why a line is not a command, and the position of the error. */
export interface CommandLineError {
  readonly code: CommandLineErrorCode;
  /**
   * Offset of the error in the text, in UTF-16 code units; the length of the text when something is missing at its end.
   */
  readonly at: number;
  /**
   * `word`: the word concerned (unknown-command, extra-word, missing-word), or its name (long-word). `usage`: the form of the
   * command. `most`: the maximum number of characters.
   */
  readonly params: Readonly<Record<string, string>>;
}

/** A typed line as a command, or the error in it. */
export type ParsedCommandLine =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly error: CommandLineError };

/** A word of a line. A quoted word is always literal: `"absent"` is a text, while `absent` means an absent key. */
interface Word {
  readonly text: string;
  readonly at: number;
  readonly quoted: boolean;
}

/** The old value of `cas` that means "the key is absent", when not in quotes. */
const ABSENT_WORD = 'absent';

/** Returns the usage line of a command: `cas key old new`. */
export function usageOf(op: CommandOp): string {
  return [op, ...wordsOf(op)].join(' ');
}

/**
 * Parses one line. Spaces separate words. `"…"` or `'…'` may contain spaces and the escapes `\"`, `\'`, `\\`, `\n`,
 * `\t`.
 */
export function parseCommandLine(text: string): ParsedCommandLine {
  const split = splitWords(text);
  if (!split.ok) return split;
  const [name, ...rest] = split.words;
  if (name === undefined) return failure('empty', 0, {});
  const op = opOf(name);
  if (op === undefined || name.quoted) return failure('unknown-command', name.at, { word: name.text });
  const usage = usageOf(op);
  const words = wordsOf(op);
  const missing = words[rest.length];
  if (missing !== undefined) return failure('missing-word', text.length, { word: missing, usage });
  const extra = rest[words.length];
  if (extra !== undefined) return failure('extra-word', extra.at, { word: extra.text, usage });
  if (rest[0]?.text === '') return failure('empty-key', rest[0].at, { usage });
  for (const [at, { text: word, at: offset }] of rest.entries()) {
    const most = at === 0 ? MAX_KEY_LENGTH : MAX_VALUE_LENGTH;
    if (word.length > most) return failure('long-word', offset, { word: words[at] ?? '', most: String(most) });
  }
  return { ok: true, command: commandFrom(op, rest) };
}

/** Returns a command as a person would type it; the inverse of `parseCommandLine`. */
export function formatCommand(command: Command): string {
  const values = command as Readonly<Record<string, string | null>>;
  const words = fieldsOf(command.op).map(([name, { nullable }]) => {
    const value = values[name] ?? null;
    return value === null ? ABSENT_WORD : quoteWord(value, nullable ? ABSENT_WORD : undefined);
  });
  return [command.op, ...words].join(' ');
}

/**
 * Completes a line as Tab does: its last word becomes the only candidate, or the longest common prefix of all
 * candidates. The first word completes to a command, the second to a known key.
 *
 * @returns the new text, or null when nothing can be completed
 */
export function completeCommandLine(text: string, keys: readonly string[]): string | null {
  const split = splitWords(text);
  if (!split.ok) return null;
  const atNewWord = text === '' || /\s$/.test(text);
  const last = atNewWord ? undefined : split.words.at(-1);
  if (last?.quoted) return null;
  const position = atNewWord ? split.words.length : split.words.length - 1;
  const stem = last?.text ?? '';
  const candidates = position === 0 ? COMMAND_OPS : position === 1 ? keys.map((key) => quoteWord(key)) : [];
  const fitting = candidates.filter((word) => word.startsWith(stem));
  const shared = sharedStart(fitting);
  const whole = fitting.length === 1 ? `${shared} ` : shared;
  if (fitting.length === 0 || whole === stem) return null;
  return text.slice(0, last?.at ?? text.length) + whole;
}

/**
 * Returns the missing words of a line for the hint after the cursor: `value` for `set x`; empty for an unknown command.
 */
export function hintFor(text: string): string {
  const split = splitWords(text);
  if (!split.ok) return '';
  const [name, ...rest] = split.words;
  const op = name === undefined ? undefined : opOf(name);
  return op === undefined ? '' : wordsOf(op).slice(rest.length).join(' ');
}

function opOf(name: Word): CommandOp | undefined {
  return COMMAND_OPS.find((op) => op === name.text.toLowerCase());
}

/** Returns the names of the words that follow a command. */
function wordsOf(op: CommandOp): readonly string[] {
  return fieldsOf(op).map(([, { word }]) => word);
}

function commandFrom(op: CommandOp, words: readonly Word[]): Command {
  const command: Record<string, string | null> = { op };
  for (const [at, [name, { nullable }]] of fieldsOf(op).entries()) {
    const word = words[at];
    const isAbsent = nullable && word !== undefined && !word.quoted && word.text === ABSENT_WORD;
    command[name] = isAbsent ? null : (word?.text ?? '');
  }
  return command as unknown as Command;
}

type SplitWords = { readonly ok: true; readonly words: readonly Word[] } | (ParsedCommandLine & { readonly ok: false });

function splitWords(text: string): SplitWords {
  const words: Word[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (/\s/.test(character)) {
      at += 1;
      continue;
    }
    if (character === '"' || character === "'") {
      const quoted = readQuoted(text, at);
      if (!quoted.ok) return quoted;
      words.push(quoted.word);
      at = quoted.end;
      continue;
    }
    const end = endOfBareWord(text, at);
    words.push({ text: text.slice(at, end), at, quoted: false });
    at = end;
  }
  return { ok: true, words };
}

type QuotedWord =
  | { readonly ok: true; readonly word: Word; readonly end: number }
  | (ParsedCommandLine & { readonly ok: false });

function readQuoted(text: string, start: number): QuotedWord {
  const quote = text.charAt(start);
  let value = '';
  let at = start + 1;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === quote) {
      const next = text.charAt(at + 1);
      if (next !== '' && !/\s/.test(next)) return failure('no-space-after-quote', at + 1, {});
      return { ok: true, word: { text: value, at: start, quoted: true }, end: at + 1 };
    }
    if (character === '\\') {
      const escaped = ESCAPES[text.charAt(at + 1)];
      if (escaped === undefined) return failure('bad-escape', at, { word: text.slice(at, at + 2) });
      value += escaped;
      at += 2;
      continue;
    }
    value += character;
    at += 1;
  }
  return failure('unclosed-quote', start, {});
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '"', "'": "'", '\\': '\\', n: '\n', t: '\t' };

function endOfBareWord(text: string, start: number): number {
  let end = start;
  while (end < text.length && !/\s/.test(text.charAt(end))) end += 1;
  return end;
}

function quoteWord(word: string, reserved?: string): string {
  if (word !== '' && word !== reserved && !/[\s"'\\]/.test(word)) return word;
  const escaped = word.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t');
  return `"${escaped}"`;
}

function sharedStart(words: readonly string[]): string {
  const [first = '', ...others] = words;
  let length = first.length;
  for (const word of others) {
    while (!word.startsWith(first.slice(0, length))) length -= 1;
  }
  return first.slice(0, length);
}

function failure(
  code: CommandLineErrorCode,
  at: number,
  params: Readonly<Record<string, string>>,
): ParsedCommandLine & { readonly ok: false } {
  return { ok: false, error: { code, at, params } };
}
