/**
 * `raft-lab simulate`: simulates a number of seeds on all cores, each a whole cluster in one thread. A failure is
 * printed in its smallest form, with its last events and the command that repeats it. Flow: arguments → seed-pool.ts →
 * report.
 */
import type { BranchCounts, FaultName, SimulationResult } from '../core/simulation/index.ts';
import { keepTrace } from '../lab/index.ts';
import { type OrderBounds, searchEveryOrder } from './every-order.ts';
import { commandLine, optionArgs } from './repeat.ts';
import { batches, type SeedPool, withSeedPool } from './seed-pool.ts';
import { exitCodeOf, reportOf, textOf } from './simulation-report.ts';
import type { Terminal } from './terminal.ts';
import { WrongArgs } from './wrong-args.ts';

/** Number of seeds in one task of a worker. */
const BATCH = 10;

/** Arguments of `raft-lab simulate`. */
export interface SimulateArgs {
  readonly seeds: number;
  /** The first seed; null: 0. */
  readonly from: number | null;
  /** Number of steps of each seed before the calm phase at its end. */
  readonly steps: number;
  /** The only seed; null: many seeds. */
  readonly seed: number | null;
  /** Kinds of faults; null: the kinds that each seed draws. */
  readonly only: readonly FaultName[] | null;
  /** Whether the trace of the one seed is kept among the recordings. */
  readonly record: boolean;
  /** Bounds within which all orders of steps are tried; null: seeds are simulated. */
  readonly bounds: OrderBounds | null;
  readonly json: boolean;
}

export async function simulate(terminal: Terminal, args: SimulateArgs): Promise<number> {
  const { from, seed, record, bounds } = args;
  if (seed !== null && from !== null) throw new WrongArgs('simulateSeedOrFrom');
  if (record && seed === null) throw new WrongArgs('simulateRecordSeed');
  return await withSeedPool(terminal, async (pool) => {
    if (bounds !== null) return await searchEveryOrder(terminal, pool, { bounds, json: args.json });
    if (record && seed !== null) await keep(terminal, pool, seed, args);
    return await simulateSeeds(terminal, pool, args);
  });
}

async function simulateSeeds(terminal: Terminal, pool: SeedPool, args: SimulateArgs): Promise<number> {
  const { print, say } = terminal;
  const { seed, from, seeds, steps, only, json } = args;
  const results: SimulationResult[] = [];
  const branches: BranchCounts = {};
  const began = performance.now();
  const tasks = function* () {
    for (const batch of batches(seed ?? from ?? 0, seed === null ? seeds : 1, BATCH)) yield { ...batch, steps, only };
  };
  await pool.each('simulate', tasks(), (found) => {
    results.push(...found.results);
    for (const [key, count] of Object.entries(found.branches)) branches[key] = (branches[key] ?? 0) + count;
  });
  results.sort((a, b) => a.seed - b.seed);
  const report = reportOf(results, branches, (performance.now() - began) / 1000);
  print(json ? JSON.stringify(report) : textOf(say, report));
  const [broken] = report.violations;
  if (broken !== undefined) await explain(terminal, pool, broken, args);
  return exitCodeOf(report);
}

async function keep(
  { note, say, dataFolder }: Terminal,
  pool: SeedPool,
  seed: number,
  { steps, only }: SimulateArgs,
): Promise<void> {
  const events = await pool.one('record', { seed, steps, only });
  const [first] = events;
  if (first?.event !== 'RunStarted') throw new Error('a trace begins with its settings');
  note(say('simulateRecorded', { runId: await keepTrace(dataFolder, first.settings, events) }));
}

/** Prints on stderr the first failure in its smallest form, with its last events and the command that repeats it. */
async function explain(
  { note, say, launcher }: Terminal,
  pool: SeedPool,
  broken: SimulationResult,
  { steps, only }: SimulateArgs,
): Promise<void> {
  const { sentence, step, faults, events } = await pool.one('explain', { broken, steps, only });
  const { seed } = broken;
  const again = optionArgs({ seed, steps, only: faults.length === 0 ? 'none' : faults });
  note(`\n${sentence}`);
  note(say('simulateRepeat', { step, command: commandLine(launcher, ['simulate', ...again]) }));
  note(events.join('\n'));
}
