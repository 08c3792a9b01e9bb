/** Reading a command line: commands with the values of their options, and a sentence for each mistake. */
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { type Asked, readArgs } from '../../src/cli/read-args.ts';
import { createSay, languageOf } from '../../src/cli/words.ts';
import { EXPORT_FORMATS } from '../../src/core/catalogue/index.ts';

const read = (line: string): Asked => readArgs(line.split(' ').filter((arg) => arg !== ''));

/** Returns name, operands and options of a valid command line. */
function commandOf(line: string) {
  const asked = read(line);
  if (asked.kind !== 'command') throw new Error(`${line} → ${JSON.stringify(asked)}`);
  return { name: asked.of.name, operands: asked.operands, options: asked.options };
}

describe('read-args: valid command line', () => {
  test('read-args: options in any order, with = or a space → the same command', () => {
    const options = { format: 'csv', out: 'x.csv', force: true, data: null };
    const asked = { name: 'export', operands: ['R1'], options };
    expect(commandOf('export R1 --format csv --out x.csv --force')).toEqual(asked);
    expect(commandOf('export --force --out=x.csv --format=csv R1')).toEqual(asked);
    expect(commandOf('export --out -').options).toMatchObject({ out: '-' });
  });

  test('read-args: absent options → the defaults of the table', () => {
    const options = { format: 'jsonl', out: null, force: false, data: null };
    expect(commandOf('export')).toEqual({ name: 'export', operands: [], options });
    expect(commandOf('bench').options).toMatchObject({
      servers: [3],
      clients: [1, 16, 64, 256],
      seconds: 5,
      durability: ['fsync'],
      value: 100,
      lab: 'on',
      pairs: null,
    });
  });

  test('read-args: lists with commas → every item, in its order', () => {
    const { options } = commandOf('bench --servers 3,5 --clients 1,64 --durability os-cache,fsync --seconds 1.5');
    expect(options).toMatchObject({
      servers: [3, 5],
      clients: [1, 64],
      durability: ['os-cache', 'fsync'],
      seconds: 1.5,
    });
  });

  test('read-args: counts by name, an empty list → the given ones, the defaults for the others', () => {
    expect(commandOf('simulate --every-order elections=2,proposals=1').options).toMatchObject({
      'every-order': { servers: 3, elections: 2, proposals: 1, duplicates: 0, heartbeats: 0, restarts: 0 },
    });
    expect(commandOf('simulate --only none').options).toMatchObject({ only: [], seeds: 300, steps: 5_000 });
  });

  test('read-args: every form of help and version → recognised', () => {
    for (const line of ['', 'help', '--help', '-h']) expect(read(line)).toEqual({ kind: 'help', of: null });
    for (const line of ['help runs', 'runs --help', 'runs --json -h']) {
      expect(read(line)).toMatchObject({ kind: 'help', of: { name: 'runs' } });
    }
    expect(read('--version')).toEqual({ kind: 'version' });
  });
});

test.each([
  ['exprt', 'unknownCommandNear', { near: 'export' }],
  ['destroy', 'unknownCommand', { command: 'destroy' }],
  ['runs --jsno', 'unknownOptionNear', { option: '--jsno', near: '--json' }],
  ['runs --out x', 'unknownOption', { option: '--out', command: 'runs' }],
  ['runs --__proto__ x', 'unknownOption', { option: '--__proto__' }],
  ['export --out', 'needsValue', { option: '--out', value: 'FILE' }],
  ['export --out=', 'needsValue', { option: '--out' }],
  ['export --force=yes', 'noValue', { option: '--force' }],
  ['runs --json --json', 'twice', { option: '--json', command: 'runs' }],
  ['export --out a --out=b', 'twice', { option: '--out' }],
  ['export --format xml', 'notAChoice', { given: 'xml', choices: EXPORT_FORMATS.join(', ') }],
  ['runs --lang tlh', 'notAChoice', { given: 'tlh', choices: 'en, zh-CN' }],
  ['export R1 R2', 'tooMany', { extra: 'R2' }],
  ['runs rename R1 R2 R3', 'tooMany', { extra: 'R3' }],
  ['bench x', 'tooMany', { extra: 'x' }],
  ['scenario run Tour --runs 0', 'wholeBetween', { option: '--runs', given: '0', least: 1, most: 10_000 }],
  ['scenario run Tour --seed=-1', 'wholeBetween', { option: '--seed', given: '-1' }],
  ['bench --servers 10', 'wholeBetween', { given: '10', least: 1, most: 9 }],
  ['bench --clients 1,,16', 'wholeBetween', { given: '' }],
  ['bench --clients 16.5', 'wholeBetween', { given: '16.5', most: 1_000 }],
  ['bench --clients 16,16', 'itemTwice', { option: '--clients', item: '16' }],
  ['bench --seconds 1e2', 'numberBetween', { given: '1e2', least: 1, most: 600 }],
  ['simulate --every-order elections=many', 'wholeBetween', { option: '--every-order elections', given: 'many' }],
  ['simulate --every-order wishes=3', 'countName', { given: 'wishes=3' }],
  ['simulate --every-order servers=0', 'wholeBetween', { option: '--every-order servers', least: 1 }],
  ['simulate --every-order elections=1,elections=2', 'itemTwice', { item: 'elections' }],
  ['simulate --only drop,sleep', 'notAChoice', { given: 'sleep' }],
  ['simulate --seeds 0', 'wholeBetween', { option: '--seeds', least: 1 }],
  ['soak --minutes=-1', 'numberBetween', { option: '--minutes' }],
  ['soak --kills 1.5', 'wholeBetween', { option: '--kills' }],
  ['seed-tests --flags noop,snapshots', 'notAChoice', { given: 'snapshots' }],
  ['bench --durability fsync,disk', 'notAChoice', { given: 'disk', choices: 'fsync, os-cache' }],
])('read-args: %s → the sentence %s', (line, key, params) => {
  expect(read(line)).toMatchObject({ kind: 'wrong', key, params });
});

/** A wrong value for every option of every command, except options that take any text. */
const WRONG_VALUES = COMMANDS.flatMap((of) =>
  Object.entries(of.options)
    .filter(([, { value, limits }]) => limits !== null || /[|=]/.test(value ?? ''))
    .map(([name, { limits }]) => [of.name, name, limits === null ? 'nonsense' : String(limits.most + 1)] as const),
);

test.each(WRONG_VALUES)('read-args: %s --%s %s → refused, in both languages', (command, option, given) => {
  const asked = readArgs([command, `--${option}`, given]);
  if (asked.kind !== 'wrong') throw new Error(`it is read as ${asked.kind}`);
  for (const language of ['en', 'zh-CN'] as const) {
    const sentence = createSay(language)(asked.key, asked.params);
    expect(sentence).toContain(`--${option}`);
    expect(sentence).toContain(given);
    expect(sentence).not.toMatch(/undefined|\{\{/);
  }
});

test('language: --lang given → its value; not given → the terminal’s language', () => {
  expect(languageOf(['runs', '--lang', 'zh-CN'], 'en')).toBe('zh-CN');
  expect(languageOf(['runs', '--lang=en'], 'zh-CN')).toBe('en');
  expect(languageOf(['runs'], 'zh-CN')).toBe('zh-CN');
  // An unknown language is refused in the terminal's language.
  expect(languageOf(['runs', '--lang', 'tlh'], 'en')).toBe('en');
});

test('sentences: escape codes in names → shown as text', () => {
  const say = createSay('en');
  expect(say('unknownCommand', { command: '\u001b[31mred\u202e' })).toContain('\\u001b[31mred\\u202e');
  expect(say('failed', { problem: 'two\nlines' })).toContain('two\nlines');
});
