/**
 * `raft-lab bench`: measures writes per second, latency and CPU time by process. `--against DIR` compares this checkout
 * with another one in turns. Every row is checked against the servers' files. Exit codes: 0 done, 1 a row is void or
 * cannot be measured, 2 wrong command line, 3 the lab failed, 130 called off.
 */
import { join, resolve } from 'node:path';
import { CalledOff } from '../called-off.ts';
import { EXIT } from '../exit.ts';
import type { Terminal } from '../terminal.ts';
import { type Checkout, copyCheckout, missingFile } from './checkout.ts';
import { type Comparison, comparisonOf, measurePair, type Pair, type Sides } from './compare.ts';
import { type Machine, machineOf } from './machine.ts';
import { type BenchArgs, type BenchOptions, benchOptions, type Combination } from './options.ts';
import { combinationText, comparisonLines, progressLine, ratio, rowLines } from './report.ts';
import { measureRow, type Row, type RowSetting } from './row.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

/** The measurements so far. They are printed even when the rest is called off or fails. */
interface Findings {
  readonly rows: Row[];
  readonly comparisons: Comparison[];
}

export async function bench(terminal: Terminal, args: BenchArgs): Promise<number> {
  const { say, note } = terminal;
  const options = benchOptions(args);
  const home = join(terminal.programFolder, '..', '..');
  const folders = [home, ...(options.against === null ? [] : [resolve(options.against.folder)])];
  for (const folder of folders) {
    const file = missingFile(folder);
    if (file === null) continue;
    note(say('benchNotBuilt', { file, folder }));
    return EXIT.failed;
  }
  const workshop = await openWorkshop(terminal.interrupted);
  try {
    return await measureAll(terminal, workshop, options, home);
  } finally {
    await workshop.close();
  }
}

async function measureAll(
  terminal: Terminal,
  workshop: Workshop,
  options: BenchOptions,
  home: string,
): Promise<number> {
  const { say, note } = terminal;
  const found: Findings = { rows: [], comparisons: [] };
  const machine = await machineOf(workshop.folder);
  if (machine.isDiskInMemory === true) note(say('benchInMemory', { folder: workshop.folder }));
  const here = await copyCheckout(home, join(workshop.folder, 'this'));
  const there = options.against === null ? null : resolve(options.against.folder);
  const against = there === null ? null : await copyCheckout(there, join(workshop.folder, 'against'));
  const setting = { workshop, programFolder: terminal.programFolder, options };
  let code: number = EXIT.ok;
  try {
    for (const of of options.combinations) {
      if (against === null) await oneRow(terminal, setting, here, of, found);
      else await allPairs(terminal, setting, { this: here, against }, of, found, options.against?.pairs ?? 1);
    }
  } catch (problem) {
    code = problem instanceof CalledOff || terminal.interrupted.aborted ? EXIT.interrupted : EXIT.lab;
    if (code === EXIT.lab) note(say('failed', { problem: (problem as Error).message }));
  }
  print(terminal, found, { options, machine, here, against, isComplete: code === EXIT.ok });
  return code === EXIT.ok && hasVoid(found) ? EXIT.failed : code;
}

async function oneRow(
  { say, note }: Terminal,
  setting: RowSetting,
  checkout: Checkout,
  of: Combination,
  found: Findings,
): Promise<void> {
  const row = await measureRow(setting, checkout, of);
  found.rows.push(row);
  note(progressLine(say, row, combinationText(say, of)));
}

async function allPairs(
  { say, note }: Terminal,
  setting: RowSetting,
  sides: Sides,
  of: Combination,
  found: Findings,
  count: number,
): Promise<void> {
  const pairs: Pair[] = [];
  try {
    for (let at = 0; at < count; at += 1) {
      const pair = await measurePair(setting, sides, of, at);
      pairs.push(pair);
      note(say('benchPair', { at: at + 1, count, combination: combinationText(say, of), ratio: ratio(pair.ratio) }));
      note(`  ${progressLine(say, pair.this, say('benchThis'))}`);
      note(`  ${progressLine(say, pair.against, say('benchAgainst'))}`);
    }
  } finally {
    if (pairs.length > 0) found.comparisons.push(comparisonOf(of, pairs));
  }
}

function hasVoid({ rows, comparisons }: Findings): boolean {
  return [...rows, ...comparisons.flatMap(({ pairs }) => pairs.flatMap((pair) => [pair.this, pair.against]))].some(
    (row) => row.void.length > 0,
  );
}

interface Context {
  readonly options: BenchOptions;
  readonly machine: Machine;
  readonly here: Checkout;
  readonly against: Checkout | null;
  /** False when rows are missing, because the bench was called off or the lab failed. */
  readonly isComplete: boolean;
}

function print({ say, print: line }: Terminal, { rows, comparisons }: Findings, context: Context): void {
  const { options, machine, here, against, isComplete } = context;
  if (options.json) {
    const checkouts = { this: describe(here), ...(against === null ? {} : { against: describe(against) }) };
    line(JSON.stringify({ isComplete, options, machine, checkouts, rows, comparisons }));
    return;
  }
  for (const text of [...rowLines(say, rows), ...comparisonLines(say, comparisons)]) line(text);
}

function describe({ source, version, builtFrom }: Checkout) {
  return { folder: source, version, builtFrom };
}
