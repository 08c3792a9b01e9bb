/**
 * `npm run seed-tests` (`out/main/seed-tests.js`): the 17 course tests of the seed report on real processes, in its order
 * and with its own lines, then a table beside its times. Several runs are kept as they are done, so that what is
 * interrupted goes on; other programs begin a new count. The worst verdict is the exit code (exit.ts).
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findMutant, MUTANTS } from '../core/mutants/index.ts';
import type { Scenario } from '../core/scenario/index.ts';
import { createLab, programFiles, type ScenarioOutcome, scenariosIn, temporaryRoot } from '../lab/index.ts';
import { noteLine, printLine } from './console.ts';
import { EXIT, exitOf } from './exit.ts';
import { playOnce, seedsFor } from './play.ts';
import { callOffBySignal, program } from './program.ts';
import { KeptRuns } from './seed-runs.ts';
import { linesOf, tableOf } from './seed-table.ts';

const USAGE = `npm run seed-tests -- [--runs N] [--keep FILE] [--only NAME,…] [--flags FLAG,…] [--mutant ID] [--json]

The 17 course tests of the report on real processes, one at a time, in its order.

  --runs N      full runs (default 1), each with seeds of its own
  --keep FILE   runs are appended there as they end and counted when it is started again; other programs or other
                options begin a new count
  --only A,B    these tests alone
  --flags F,G   with these extensions on: preVote, checkQuorum, noop
  --mutant ID   every server runs this wrong rule (docs/mutants.md)
  --json        the outcomes and the table as one JSON object

Exit code 0: all valid; 1: one violated; 2: the command line; 3: the lab failed; 4: one not judged; 130: called off.`;

const PROGRAMS = programFiles(import.meta.dirname);

type Asked = Awaited<ReturnType<typeof askedFor>>;

process.exitCode = await program(process.argv.slice(2), USAGE, askedFor, play);

/** @throws Error with a sentence */
async function askedFor(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const options = { runs: text, keep: text, only: text, flags: text, mutant: text, json: flag } as const;
  const { values } = parseArgs({ args: [...args], options, strict: true });
  const runs = Number(values.runs ?? '1');
  if (!Number.isInteger(runs) || runs < 1 || runs > 1_000)
    throw new Error(`--runs ${values.runs} is not from 1 to 1000.`);
  const flags = (values.flags ?? '').split(',').filter((name) => name !== '');
  const stranger = flags.find((name) => !['preVote', 'checkQuorum', 'noop'].includes(name));
  if (stranger !== undefined) throw new Error(`${stranger} is no extension: preVote, checkQuorum, noop.`);
  if (values.mutant !== undefined && findMutant(values.mutant) === undefined) {
    throw new Error(`There is no mutant ${values.mutant}: ${MUTANTS.map(({ id }) => id).join(', ')}.`);
  }
  const only = values.only === undefined ? null : values.only.split(',');
  const tests = await chosen(only);
  return { runs, flags, only, tests, keep: values.keep ?? null, mutant: values.mutant ?? null, json: values.json };
}

async function chosen(only: readonly string[] | null): Promise<readonly Scenario[]> {
  const all = (await scenariosIn(PROGRAMS.scenarios)).filter(({ reported }) => reported !== null);
  const stranger = only?.find((name) => !all.some((one) => one.name === name));
  if (stranger !== undefined)
    throw new Error(`There is no test ${stranger}: ${all.map(({ name }) => name).join(', ')}.`);
  return only === null ? all : all.filter(({ name }) => only.includes(name));
}

async function play(asked: Asked): Promise<number> {
  const { runs, keep, json, mutant, flags, only, tests } = asked;
  const kept = await KeptRuns.open(keep, { programs: await programsHash(), mutant, flags, only });
  if (kept.runs.length > 0) noteLine(`${kept.runs.length} runs of these programs are kept in ${keep}`);
  const folder = await mkdtemp(join(temporaryRoot(), 'raft-lab-seed-tests-'));
  const lab = await createLab({ dataFolder: folder, programs: PROGRAMS });
  const calledOff = callOffBySignal(lab, 'Ending. Once more: at once.');
  try {
    while (kept.runs.length < runs && !calledOff.aborted) {
      const outcomes = await oneRun(lab, asked, calledOff);
      if (calledOff.aborted) break;
      await kept.add(outcomes);
      if (exitFor(outcomes) !== EXIT.ok) break;
      if (!json && runs > 1) printLine(`\nrun ${kept.runs.length} of ${runs}: all ${tests.length} valid\n`);
    }
  } finally {
    await lab.close();
  }
  const all = kept.runs.flat();
  if (json) printLine(JSON.stringify({ outcomes: all, table: tableOf(tests, all) }));
  else if (all.length > 0) printLine(linesOf(tests, all).join('\n'));
  const code = exitFor(all);
  if (code === EXIT.ok) await rm(folder, { recursive: true, force: true });
  else noteLine(`The recordings are kept: ${join(folder, 'runs')}`);
  return calledOff.aborted ? EXIT.interrupted : code;
}

function exitFor(outcomes: readonly ScenarioOutcome[]): number {
  return exitOf(outcomes.map(({ verdict }) => verdict));
}

async function oneRun(
  lab: Awaited<ReturnType<typeof createLab>>,
  { json, mutant, flags, tests }: Asked,
  signal: AbortSignal,
): Promise<readonly ScenarioOutcome[]> {
  const outcomes: ScenarioOutcome[] = [];
  let part = '';
  for (const [at, seed] of seedsFor(null, tests.length).entries()) {
    const scenario = tests[at];
    if (scenario === undefined || signal.aborted) break;
    const servers = Array.from({ length: scenario.cluster.servers }, (_, server) => `S${server + 1}`);
    const outcome = await playOnce(lab, {
      ...{ scenario, seed, signal, language: 'en', say: () => undefined },
      ...(mutant === null ? {} : { mutants: Object.fromEntries(servers.map((id) => [id, mutant])) }),
      ...(flags.length === 0 ? {} : { flags: Object.fromEntries(flags.map((name) => [name, true])) }),
    });
    outcomes.push(outcome);
    if (json) continue;
    if (scenario.part !== part) printLine(scenario.part);
    part = scenario.part;
    printLine(resultLine(outcome));
  }
  return outcomes;
}

/** As the report prints it, with what repeats it. */
function resultLine({ name, verdict, seconds, seed, reason, warnings }: ScenarioOutcome): string {
  const word = verdict === 'valid' ? 'PASS' : verdict === 'violated' ? 'FAIL' : verdict.toUpperCase();
  const more = [...warnings, ...(reason === '' ? [] : [reason])].map((line) => `\n    ${line}`).join('');
  return `--- ${word}: ${name} (${seconds.toFixed(2)}s)  seed ${seed}${more}`;
}

/** A hash of the programs under test: other programs are other tests. */
async function programsHash(): Promise<string> {
  const hash = createHash('sha256');
  const here = import.meta.dirname;
  for (const file of (await readdir(here, { recursive: true })).filter((name) => /\.m?js$/.test(name)).sort()) {
    hash.update(file).update(await readFile(join(here, file)));
  }
  const { scenarios } = PROGRAMS;
  for (const file of (await readdir(scenarios)).sort()) hash.update(file).update(await readFile(join(scenarios, file)));
  return hash.digest('hex').slice(0, 16);
}
