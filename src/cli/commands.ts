/**
 * The commands of the terminal program, one row each. Reading a command line, the help, the test of the page in docs/
 * and carrying out all use this table. The table is loaded at every start, so it holds no code of a command; a row
 * loads its code when it runs.
 */

import { EXPORT_FORMATS } from '../core/catalogue/index.ts';
import { HISTORY_FORMATS } from '../core/check/history/formats.ts';
import { FAULT_NAMES } from '../core/simulation/faults.ts';
import { type CommandRow, row } from './command-row.ts';
import { amount, choice, counts, flag, list, type Options, saying, text, whole, writtenAs } from './options.ts';

/** Options of the commands that open the dashboard in a browser. */
const browser = { port: whole({ least: 0, most: 65_535 }), 'no-open': flag(), detach: flag() };
const json = { json: flag() };
const data = { data: text('DIR') };
/** The seed from which all random draws of a run on real servers follow. */
const seed = writtenAs('S', whole({ least: 0, most: 2 ** 32 - 1 }));

const DURABILITIES = ['fsync', 'os-cache'] as const;
const FLAGS = ['preVote', 'checkQuorum', 'noop'] as const;

/** Limits of seeds and steps of the simulation: nine digits. */
const nineDigits = { least: 0, most: 999_999_999 } as const;
/** Number of events of one kind, 0–9. Without the option, no such event occurs. */
const upToNine = { least: 0, most: 9, preset: 0 } as const;

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandRow[] = [
  row({ name: 'serve', operand: '[FILE]', options: browser, exits: ['failed'], run: null }),
  row({
    name: 'view',
    operand: 'FILE|DIR|RUN',
    options: browser,
    exits: ['failed', 'undecided'],
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
    exits: ['failed', 'undecided'],
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
    exits: ['failed', 'undecided'],
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
    exits: ['failed'],
    recordings: 'read',
    run: async (terminal, [verb = null, ...args], options) => {
      const { runs } = await import('./runs.ts');
      return await runs(terminal, { verb, args, ...options });
    },
  }),
  row({
    name: 'export',
    operand: '[RUN|FILE]',
    options: { format: choice(EXPORT_FORMATS, EXPORT_FORMATS[0]), out: text('FILE'), force: flag(), ...data },
    exits: ['failed', 'undecided'],
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
      // A server answers `busy` when more than 1,000 requests wait.
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
    exits: ['failed'],
    interrupted: 'interrupted',
    run: async (terminal, _operands, options) => {
      const { bench } = await import('./bench/index.ts');
      return await bench(terminal, options);
    },
  }),
  row({
    name: 'soak',
    options: {
      minutes: amount('N', { least: 0, most: 10_000 }),
      kills: whole({ least: 0, most: 1_000_000 }, 0),
      terms: whole({ least: 0, most: 1_000_000 }, 0),
      fill: whole({ least: 0, most: 10_000 }, 90),
      depose: whole({ least: 0, most: 100 }, 0),
      seed: saying('option-seed-soak', seed),
      ...json,
    },
    exits: ['failed', 'undecided'],
    interrupted: 'interruptedRound',
    run: async (terminal, _operands, options) => {
      const { soak } = await import('./soak.ts');
      return await soak(terminal, options);
    },
  }),
  row({
    name: 'seed-tests',
    options: {
      runs: saying('option-runs-full', whole({ least: 1, most: 1_000 }, 1)),
      keep: text('FILE'),
      only: saying('option-only-tests', list('NAME,…', text('NAME'))),
      flags: list('FLAG,…', choice(FLAGS)),
      mutant: text('ID'),
      seed: saying('option-seed-tests', seed),
      ...json,
    },
    exits: ['failed', 'undecided'],
    interrupted: 'interrupted',
    run: async (terminal, _operands, options) => {
      const { seedTests } = await import('./seed-tests.ts');
      return await seedTests(terminal, options);
    },
  }),
  row({
    name: 'simulate',
    options: {
      seeds: whole({ ...nineDigits, least: 1 }, 300),
      from: writtenAs('S', whole(nineDigits)),
      steps: writtenAs('M', whole(nineDigits, 5_000)),
      seed: saying('option-seed-simulate', writtenAs('S', whole(nineDigits))),
      only: saying('option-only-faults', list('FAULT,…', choice(FAULT_NAMES), { none: 'none' })),
      record: flag(),
      'every-order': counts({
        servers: { least: 1, most: 9, preset: 3 },
        elections: upToNine,
        proposals: upToNine,
        duplicates: upToNine,
        heartbeats: upToNine,
        restarts: upToNine,
      }),
      ...json,
      ...data,
    },
    exits: ['failed', 'undecided'],
    run: async (terminal, _operands, { 'every-order': bounds, ...options }) => {
      const { simulate } = await import('./simulate.ts');
      return await simulate(terminal, { ...options, bounds });
    },
  }),
  row({
    name: 'mutants',
    options: json,
    exits: ['failed'],
    run: async (terminal, _operands, options) => {
      const { mutants } = await import('./mutants.ts');
      return await mutants(terminal, options);
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
