/**
 * `raft-lab seed-tests`: plays the 17 course tests of the seed report on real processes, in its order and with its
 * output lines, and prints a table with its times. Full runs are stored as they end, so an interrupted count can
 * continue; other programs begin a new count. The exit code is that of the worst verdict (exit.ts).
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProtocolFlags } from '../core/lab-api/index.ts';
import { findMutant, MUTANTS } from '../core/mutants/index.ts';
import type { Scenario } from '../core/scenario/index.ts';
import { type Lab, programFiles, type ScenarioOutcome, scenariosIn, temporaryRoot } from '../lab/index.ts';
import { EXIT, exitOf } from './exit.ts';
import { oneOf } from './options.ts';
import { playOnce, seedsFor } from './play.ts';
import { commandLine, optionArgs } from './repeat.ts';
import { KeptRuns } from './seed-runs.ts';
import { linesOf, tableOf } from './seed-table.ts';
import type { Terminal } from './terminal.ts';
import { openLab } from './with-lab.ts';

/** Arguments of `raft-lab seed-tests`. */
export interface SeedTestsArgs {
  /** Number of full runs. */
  readonly runs: number;
  /** File in which full runs are stored; null: they are not stored. */
  readonly keep: string | null;
  /** Names of tests; null: all. */
  readonly only: readonly string[] | null;
  /** Extensions that are on; null: none. */
  readonly flags: readonly (keyof ProtocolFlags)[] | null;
  /** The wrong rule that every server runs; null: the right rules. */
  readonly mutant: string | null;
  /** Seed of the first test; the tests after it take the next numbers. Null: every seed is drawn. */
  readonly seed: number | null;
  readonly json: boolean;
}

type Programs = ReturnType<typeof programFiles>;

/** One call of the command: its arguments, its tests, and the lab they run on. */
interface Session {
  readonly terminal: Terminal;
  readonly args: SeedTestsArgs;
  readonly tests: readonly Scenario[];
  readonly lab: Lab;
}

export async function seedTests(terminal: Terminal, args: SeedTestsArgs): Promise<number> {
  const { say, note, print, interrupted } = terminal;
  const { runs, keep, json, mutant, only } = args;
  const programs = programFiles(terminal.programFolder);
  if (mutant !== null && findMutant(mutant) === undefined) {
    const ids = MUTANTS.map(({ id }) => id);
    oneOf(ids, mutant, '--mutant');
  }
  const tests = await chosen(programs, only);
  const kind = { programs: await hashOf(terminal.programFolder, programs), mutant, flags: args.flags ?? [], only };
  const kept = await KeptRuns.open(keep, kind);
  if (keep !== null && kept.runs.length > 0) note(say('seedTestsKept', { count: kept.runs.length, file: keep }));
  const folder = await mkdtemp(join(temporaryRoot(), 'raft-lab-seed-tests-'));
  const lab = await openLab(terminal, folder);
  try {
    while (kept.runs.length < runs && !interrupted.aborted) {
      const outcomes = await oneRun({ terminal, args, tests, lab }, kept.runs.length);
      if (interrupted.aborted) break;
      await kept.add(outcomes);
      if (exitFor(outcomes) !== EXIT.ok) break;
      if (!json && runs > 1) print(`\n${say('seedTestsRun', { run: kept.runs.length, runs, tests: tests.length })}\n`);
    }
  } finally {
    await lab.close();
  }
  const all = kept.runs.flat();
  if (json) print(JSON.stringify({ outcomes: all, table: tableOf(tests, all) }));
  else if (all.length > 0) print(linesOf(say, tests, all).join('\n'));
  const code = exitFor(all);
  if (code === EXIT.ok) await rm(folder, { recursive: true, force: true });
  else note(say('seedTestsRecordings', { folder: join(folder, 'runs') }));
  return interrupted.aborted ? EXIT.interrupted : code;
}

/** @throws WrongArgs for a name that no course test has */
async function chosen({ scenarios }: Programs, only: readonly string[] | null): Promise<readonly Scenario[]> {
  const all = (await scenariosIn(scenarios)).filter(({ reported }) => reported !== null);
  if (only === null) return all;
  const names = all.map(({ name }) => name);
  for (const name of only) oneOf(names, name, '--only');
  return all.filter(({ name }) => only.includes(name));
}

/** Plays the tests once. @param before  number of full runs before this one */
async function oneRun({ terminal, args, tests, lab }: Session, before: number): Promise<readonly ScenarioOutcome[]> {
  const { print, note, say, interrupted, language, launcher } = terminal;
  const { json, mutant, flags } = args;
  const outcomes: ScenarioOutcome[] = [];
  const first = args.seed === null ? null : args.seed + before * tests.length;
  let part = '';
  for (const [at, seed] of seedsFor(first, tests.length).entries()) {
    const scenario = tests[at];
    if (scenario === undefined || interrupted.aborted) break;
    const outcome = await playOnce(lab, {
      scenario,
      seed,
      signal: interrupted,
      language,
      say: () => undefined,
      ...(mutant === null ? {} : { mutants: everyServer(scenario, mutant) }),
      ...(flags === null ? {} : { flags: Object.fromEntries(flags.map((name) => [name, true])) }),
    });
    outcomes.push(outcome);
    if (!json) {
      if (scenario.part !== part) print(scenario.part);
      part = scenario.part;
      print(resultLine(outcome, language));
    }
    if (outcome.verdict === 'valid' || interrupted.aborted) continue;
    const again = optionArgs({ only: outcome.name, seed, flags, mutant });
    note(say('seedRepeat', { seed, command: commandLine(launcher, ['seed-tests', ...again]) }));
  }
  return outcomes;
}

/** Returns the same mutant for each server, by server id. */
function everyServer({ cluster }: Scenario, mutant: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: cluster.servers }, (_, at) => [`S${at + 1}`, mutant]));
}

function exitFor(outcomes: readonly ScenarioOutcome[]): number {
  return exitOf(outcomes.map(({ verdict }) => verdict));
}

/** Returns the line of a result as the report prints it, with the seed. */
function resultLine(outcome: ScenarioOutcome, language: Terminal['language']): string {
  const { name, verdict, seconds, seed, warnings } = outcome;
  const reason = language === 'zh-CN' ? outcome.reasonZh : outcome.reason;
  const result = verdict === 'valid' ? 'PASS' : verdict === 'violated' ? 'FAIL' : verdict.toUpperCase();
  const more = [...warnings, ...(reason === '' ? [] : [reason])].map((line) => `\n    ${line}`).join('');
  return `--- ${result}: ${name} (${seconds.toFixed(2)}s)  seed ${seed}${more}`;
}

/** Returns a hash of the programs under test, because results of other programs are not comparable. */
async function hashOf(folder: string, { scenarios }: Programs): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await readdir(folder, { recursive: true })).filter((name) => /\.m?js$/.test(name)).sort()) {
    hash.update(file).update(await readFile(join(folder, file)));
  }
  for (const file of (await readdir(scenarios)).sort()) hash.update(file).update(await readFile(join(scenarios, file)));
  return hash.digest('hex').slice(0, 16);
}
