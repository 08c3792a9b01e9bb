/**
 * The text of the help: all commands with a line each, or one command with its options and exit codes. The text follows
 * from the table.
 */
import type { CommandRow } from './command-row.ts';
import { COMMANDS, COMMON } from './commands.ts';
import { EXIT, type ExitName } from './exit.ts';
import type { Option, Options } from './options.ts';
import type { Say, SentenceKey } from './words.ts';

/** Returns the help as text for a terminal, without a final line end. @param of  null: all commands */
export function helpText(say: Say, of: CommandRow | null): string {
  if (of === null) {
    const rows = COMMANDS.map((row) => [usageOf(row), say(`${row.name}Short`)] as const);
    const exits = exitLines(say, Object.keys(EXIT) as ExitName[]);
    return [say('about'), '', say('usage'), '', ...columns(rows), '', say('helpOne'), '', ...exits].join('\n');
  }
  const known: Options = { ...of.options, ...COMMON };
  const rows = Object.entries(known).map(
    ([name, option]) => [optionText(name, option), optionLine(say, name, option)] as const,
  );
  const head = [`raft-lab ${usageOf(of)} [OPTIONS]`, '', say(`${of.name}Long`), ''];
  return [...head, ...columns(rows), '', ...exitLines(say, exitsOf(of))].join('\n');
}

/** Returns an option as it is typed: `--seed N`. */
export function optionText(name: string, { value }: Option): string {
  return value === null ? `--${name}` : `--${name} ${value}`;
}

/** Returns the names of all exit codes of a command, in the order of the codes. */
export function exitsOf({ exits }: CommandRow): readonly ExitName[] {
  const names: readonly ExitName[] = ['ok', 'usage', 'lab', 'interrupted', ...exits];
  return names.toSorted((a, b) => EXIT[a] - EXIT[b]);
}

function usageOf({ name, operand }: CommandRow): string {
  return operand === '' ? name : `${name} ${operand}`;
}

function optionLine(say: Say, name: string, { says, limits, preset }: Option): string {
  const sentence = say(says ?? (`option-${name}` as SentenceKey));
  if (limits !== null && preset !== null) return say('optionBoth', { sentence, ...limits, preset });
  if (limits !== null) return say('optionLimits', { sentence, ...limits });
  return preset === null ? sentence : say('optionPreset', { sentence, preset });
}

function exitLines(say: Say, names: readonly ExitName[]): readonly string[] {
  return [say('exitCodes'), ...columns(names.map((name) => [String(EXIT[name]), say(`exit-${name}`)] as const))];
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
