/** What the command line means, what it says about what it does not understand, and that help and page know every word. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMANDS, COMMON, sentenceWhenInterrupted } from '../../src/cli/commands.ts';
import { EXIT } from '../../src/cli/exit.ts';
import { helpText } from '../../src/cli/help.ts';
import { readArgs } from '../../src/cli/read-args.ts';
import { createSay, languageOf } from '../../src/cli/words.ts';

const read = (line: string) => readArgs(line.split(' ').filter((word) => word !== ''));

describe('what is understood', () => {
  test('a command with options in any order, with = or a space', () => {
    const options = { format: 'csv', out: 'x.csv', force: true };
    const asked = { kind: 'command', name: 'export', operand: 'R1', rest: [], options };
    expect(read('export R1 --format csv --out x.csv --force')).toEqual(asked);
    expect(read('export --force --out=x.csv --format=csv R1')).toEqual(asked);
    expect(read('export')).toEqual({ kind: 'command', name: 'export', operand: null, rest: [], options: {} });
    expect(read('export --out -')).toMatchObject({ options: { out: '-' } });
  });

  test('help in all its forms, version', () => {
    for (const line of ['', 'help', '--help', '-h']) expect(read(line)).toEqual({ kind: 'help', of: null });
    for (const line of ['help runs', 'runs --help', 'runs --json -h']) {
      expect(read(line)).toMatchObject({ kind: 'help', of: { name: 'runs' } });
    }
    expect(read('--version')).toEqual({ kind: 'version' });
  });
});

describe('what is wrong is said by name', () => {
  test.each([
    ['exprt', 'unknownCommandNear', { near: 'export' }],
    ['destroy', 'unknownCommand', { command: 'destroy' }],
    ['runs --jsno', 'unknownOptionNear', { option: '--jsno', near: '--json' }],
    ['runs --out x', 'unknownOption', { option: '--out', command: 'runs' }],
    ['export --out', 'needsValue', { option: '--out', value: 'FILE' }],
    ['export --out=', 'needsValue', { option: '--out' }],
    ['export --force=yes', 'noValue', { option: '--force' }],
    ['runs --json --json', 'twice', { option: '--json', command: 'runs' }],
    ['export --out a --out=b', 'twice', { option: '--out' }],
    ['export --format xml', 'notAChoice', { given: 'xml', choices: 'jsonl, csv' }],
    ['export R1 R2', 'tooMany', { extra: 'R2' }],
    ['runs rename R1 R2 R3', 'tooMany', { extra: 'R3' }],
  ])('%s', (line, key, params) => {
    expect(read(line)).toMatchObject({ kind: 'wrong', key, params });
  });
});

describe.each(['en', 'zh-CN'] as const)('the help in %s', (language) => {
  const say = createSay(language);

  test('names every command and, of each, every option, with words', () => {
    const all = helpText(say, null);
    for (const command of COMMANDS) {
      expect(all).toContain(`  ${command.name}`);
      const own = helpText(say, command);
      for (const { name } of [...command.options, ...COMMON]) expect(own).toMatch(new RegExp(`--${name}[^\\n]*\\S`));
    }
    const text = [all, ...COMMANDS.map((command) => helpText(say, command))].join('\n');
    expect(text).not.toMatch(/undefined|\{\{/);
  });
});

test('the page names every command, option and exit code', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/terminal.md'), 'utf8');
  for (const { name, options } of COMMANDS) {
    expect(page).toContain(`raft-lab ${name}`);
    for (const option of options) expect(page).toContain(`--${option.name}`);
  }
  for (const code of Object.values(EXIT)) expect(page).toMatch(new RegExp(`\\| ${code} \\|`));
});

test.each(['en', 'zh-CN'] as const)(
  'Ctrl-C in %s: only commands with servers say that servers are stopped',
  (language) => {
    const say = createSay(language);
    const named = COMMANDS.filter(({ name }) => /servers|服务器/.test(say(sentenceWhenInterrupted(name))));
    expect(named.map(({ name }) => name)).toEqual(['scenario', 'bench']);
  },
);

test('language: --lang given → that one; else → the terminal’s', () => {
  expect(languageOf(['runs', '--lang', 'zh-CN'], 'en')).toBe('zh-CN');
  expect(languageOf(['runs', '--lang=en'], 'zh-CN')).toBe('en');
  expect(languageOf(['runs'], 'zh-CN')).toBe('zh-CN');
  // What is no language is said to be none; until then the terminal's is as good as any.
  expect(languageOf(['runs', '--lang', 'tlh'], 'en')).toBe('en');
});

test('words: escape codes in what others named are shown, not obeyed', () => {
  const say = createSay('en');
  expect(say('unknownCommand', { command: '\u001b[31mred\u202e' })).toContain('\\u001b[31mred\\u202e');
  expect(say('failed', { problem: 'two\nlines' })).toContain('two\nlines');
});
