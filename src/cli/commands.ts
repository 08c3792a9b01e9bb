/**
 * The commands of the terminal program, one row each. Reading a command line, the help, the test of the page in docs/ and
 * carrying out all use this table. It is loaded at every start, so it holds no code of a command: a row loads it when it runs.
 */
import { HISTORY_FORMATS } from '../core/check/history/formats.ts';
import { EXPORT_FORMATS } from '../core/trace/export-formats.ts';
import { type CommandRow, row } from './command-row.ts';
import { amount, choice, flag, list, type Options, saying, text, whole, writtenAs } from './options.ts';

/** Options of the commands that open the dashboard in a browser. */
const browser = { port: whole({ least: 0, most: 65_535 }), 'no-open': flag(), detach: flag() };
const json = { json: flag() };
const data = { data: text('DIR') };
/** The word from which every draw of a run on real servers follows. */
const seed = writtenAs('S', whole({ least: 0, most: 2 ** 32 - 1 }));

const DURABILITIES = ['fsync', 'os-cache'] as const;

/** In the order of the help. */
export const COMMANDS: readonly CommandRow[] = [
  row({ name: 'serve', operand: '[FILE]', options: browser, exits: ['failed', 'lab'], run: null }),
  row({
    name: 'view',
    operand: 'FILE|DIR|RUN',
    options: browser,
    exits: ['failed', 'lab', 'undecided'],
    run: null,
  }),
  row({
    name: 'scenario',
    operand: 'list | run NAME|FILE',
    most: 2,
    options: {
      all: flag(),
      seed,
      runs: whole({ least: 1, most: 10_000 }, 1),
      ...json,
      out: saying('option-out-runs', text('DIR')),
    },
    exits: ['failed', 'lab', 'undecided'],
    recordings: 'add',
    interrupted: 'interrupted',
    run: async (terminal, [verb = null, which = null], options) => {
      const { scenario } = await import('./scenario.ts');
      return await scenario(terminal, { verb, which, ...options });
    },
  }),
  row({
    name: 'check',
    operand: 'FILE|DIR',
    options: { format: saying('option-format-history', choice(HISTORY_FORMATS)), ...json, ...data },
    exits: ['failed', 'lab', 'undecided'],
    recordings: 'read',
    run: async (terminal, [what = null], options) => {
      const { check } = await import('./check.ts');
      return await check(terminal, { what, ...options });
    },
  }),
  row({
    name: 'runs',
    operand: '[delete|rename|note|keep …]',
    most: 3,
    options: { yes: flag(), ...json, ...data },
    exits: ['failed', 'lab'],
    recordings: 'read',
    run: async (terminal, [verb = null, ...args], options) => {
      const { runs } = await import('./runs.ts');
      return await runs(terminal, { verb, args, ...options });
    },
  }),
  row({
    name: 'export',
    operand: '[RUN|FILE]',
    options: { format: choice(EXPORT_FORMATS, 'jsonl'), out: text('FILE'), force: flag(), ...data },
    exits: ['failed', 'lab', 'undecided'],
    recordings: 'read',
    run: async (terminal, [run = null], options) => {
      const { exportRun } = await import('./export.ts');
      return await exportRun(terminal, { run, ...options });
    },
  }),
  row({
    name: 'bench',
    options: {
      servers: list('N,…', whole({ least: 1, most: 9 }), { preset: '3' }),
      // A server answers `busy` beyond 1,000 waiting requests.
      clients: list('N,…', whole({ least: 1, most: 1_000 }), { preset: '1,16,64,256' }),
      seconds: amount('S', { least: 1, most: 600 }, 5),
      durability: list(DURABILITIES.join(','), choice(DURABILITIES), { preset: 'fsync' }),
      // The store takes values of at most 65,536 characters.
      value: writtenAs('BYTES', whole({ least: 1, most: 65_536 }, 100)),
      lab: choice(['on', 'off'], 'on'),
      ...json,
      against: text('DIR'),
      pairs: whole({ least: 1, most: 100 }),
    },
    exits: ['failed', 'lab'],
    interrupted: 'interrupted',
    run: async (terminal, _operands, options) => {
      const { bench } = await import('./bench/index.ts');
      return await bench(terminal, options);
    },
  }),
  row({
    name: 'doctor',
    options: { ...json, ...data },
    exits: ['failed'],
    run: async (terminal, _operands, options) => {
      const { doctor } = await import('./doctor.ts');
      return await doctor(terminal, options);
    },
  }),
];

/** Options of every command. */
export const COMMON = { lang: choice(['en', 'zh-CN']), help: flag() } satisfies Options;
