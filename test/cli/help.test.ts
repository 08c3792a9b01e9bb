/** The help and the page in docs/ follow the table of commands: every command, option, limit, default and exit code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMANDS, COMMON } from '../../src/cli/commands.ts';
import { EXIT } from '../../src/cli/exit.ts';
import { exitsOf, helpText, optionText } from '../../src/cli/help.ts';
import { createSay } from '../../src/cli/words.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/terminal.md'), 'utf8');

describe.each(['en', 'zh-CN'] as const)('help in %s', (language) => {
  const say = createSay(language);

  test('help: overview → every command, with words', () => {
    const overview = helpText(say, null);
    for (const { name } of COMMANDS) expect(overview).toMatch(new RegExp(`^ {2}${name}\\b.* {2}\\S`, 'm'));
    expect(overview).not.toMatch(/undefined|\{\{/);
  });

  test.each(COMMANDS)('help: command $name → its options with limits and defaults, and its exit codes', (of) => {
    const help = helpText(say, of);
    expect(help).not.toMatch(/undefined|\{\{/);
    const lines = help.split('\n');
    for (const [name, option] of Object.entries({ ...of.options, ...COMMON })) {
      const line = lines.find((one) => one.startsWith(`  ${optionText(name, option)}  `)) ?? '';
      expect(line, name).toMatch(/\S {2,}\S/);
      for (const number of Object.values(option.limits ?? {})) expect(line).toContain(String(number));
      if (option.preset !== null) expect(line).toContain(option.preset);
    }
    for (const exit of exitsOf(of))
      expect(
        lines.some((line) => line.startsWith(`  ${EXIT[exit]} `)),
        exit,
      ).toBe(true);
  });

  test.each(COMMANDS)('help: command $name → names the exit code of an error of the lab', (of) => {
    expect(helpText(say, of).split('\n')).toContainEqual(expect.stringMatching(/^ {2}3 +\S/));
  });
});

/** Returns the table rows of the page whose first cell begins with this text, as cells. */
function rowsOf(beginning: string): readonly (readonly string[])[] {
  const rows = page.split('\n').filter((line) => line.startsWith(`| ${beginning}`));
  return rows.map((line) =>
    line
      .slice(2, -2)
      .replaceAll('\\|', '¦')
      .split(' | ')
      .map((cell) => cell.replaceAll('¦', '|')),
  );
}

test.each(COMMANDS)('docs/terminal.md: command $name → a row with exactly its options', ({ name, options }) => {
  const [row] = rowsOf(`\`raft-lab ${name}`).filter((cells) => cells.length === 3);
  const listed = [...(row?.[2] ?? '').matchAll(/`(--[^`]+)`/g)].map(([, text]) => text);
  expect(listed).toEqual(Object.entries(options).map(([option, of]) => optionText(option, of)));
});

test('docs/terminal.md: exit codes → a row for each', () => {
  for (const code of Object.values(EXIT)) expect(page).toMatch(new RegExp(`\\| ${code} \\|`));
});

test.each(['en', 'zh-CN'] as const)(
  'first Ctrl-C in %s: commands with servers → say that servers are being stopped',
  (language) => {
    const say = createSay(language);
    const named = COMMANDS.filter(({ interrupted }) => /servers|服务器/.test(say(interrupted)));
    expect(named.map(({ name }) => name)).toEqual(['scenario', 'bench', 'seed-tests']);
  },
);
