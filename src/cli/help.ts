/** The help: all commands with a line each, or one command with all its options. */
import { COMMANDS, COMMON, type CommandRow, type OptionRow } from './commands.ts';
import type { Say, SentenceKey } from './words.ts';

/** Text for a terminal, without a line end. */
export function helpText(say: Say, of: CommandRow | null): string {
  if (of === null) {
    const rows = COMMANDS.map((row) => [usageOf(row), say(`${row.name}Short` as SentenceKey)] as const);
    return [say('about'), '', say('usage'), '', ...columns(rows), '', say('helpOne'), '', say('exitCodes')].join('\n');
  }
  const rows = [...of.options, ...COMMON].map(
    (option) => [optionText(option), say(option.says ?? (`option-${option.name}` as SentenceKey))] as const,
  );
  return [`raft-lab ${usageOf(of)} [OPTIONS]`, '', say(`${of.name}Long` as SentenceKey), '', ...columns(rows)].join(
    '\n',
  );
}

function usageOf({ name, operand }: CommandRow): string {
  return operand === '' ? name : `${name} ${operand}`;
}

function optionText({ name, value }: OptionRow): string {
  return value === null ? `--${name}` : `--${name} ${value}`;
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
