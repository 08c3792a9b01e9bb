/**
 * `raft-lab scenario list` and `raft-lab scenario run`: plays scenarios by name or from a file, with live progress and
 * a verdict.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorRow } from '../core/lab-api/index.ts';
import { type Scenario, ScenarioProblem } from '../core/scenario/index.ts';
import { type Lab, LabProblem, programFiles, type ScenarioOutcome, scenarioIn, scenariosIn } from '../lab/index.ts';
import { EXIT, exitOf } from './exit.ts';
import { playOnce, seedsFor } from './play.ts';
import { commandLine, optionArgs } from './repeat.ts';
import type { Terminal } from './terminal.ts';
import { withLab } from './with-lab.ts';
import { errorSentence } from './words.ts';
import { WrongArgs } from './wrong-args.ts';

/** Arguments of `raft-lab scenario`. */
export interface ScenarioArgs {
  /** `list` or `run`. */
  readonly verb: string | null;
  /** A name, or the path of a file. */
  readonly which: string | null;
  readonly all: boolean;
  /** Null: drawn. */
  readonly seed: number | null;
  readonly runs: number;
  readonly json: boolean;
  /** Folder of the recordings; null: the data folder. */
  readonly out: string | null;
}

export async function scenario(terminal: Terminal, args: ScenarioArgs): Promise<number> {
  try {
    if (args.verb === 'list' && args.which === null) return await list(terminal, args.json);
    if (args.verb === 'run') return await run(terminal, args);
  } catch (problem) {
    // A file that cannot be played is a mistake in the command line, because no cluster was started.
    if (problem instanceof LabProblem && errorRow(problem.error.code)?.unplayable) {
      terminal.note(errorSentence(terminal.language, problem.error));
      return EXIT.usage;
    }
    if (!(problem instanceof ScenarioProblem)) throw problem;
    terminal.note(problem.message);
    return EXIT.usage;
  }
  throw new WrongArgs('scenarioVerb');
}

async function list({ programFolder, language, print }: Terminal, json: boolean): Promise<number> {
  const all = await scenariosIn(programFiles(programFolder).scenarios);
  if (json) {
    print(JSON.stringify(all.map(({ name, title, part, cluster }) => ({ name, title, part, cluster }))));
    return EXIT.ok;
  }
  const width = Math.max(...all.map(({ name }) => name.length));
  for (const { name, title } of all) print(`${name.padEnd(width)}  ${language === 'zh-CN' ? title.zh : title.en}`);
  return EXIT.ok;
}

async function run(terminal: Terminal, args: ScenarioArgs): Promise<number> {
  const { print, note, say, interrupted, language } = terminal;
  const { out, runs, json, which } = args;
  const chosen = await chosenOf(terminal, args);
  const folder = out === null ? terminal.dataFolder : resolve(out);
  const playAll = async (lab: Lab): Promise<number> => {
    const outcomes: ScenarioOutcome[] = [];
    for (const seed of seedsFor(args.seed, runs)) {
      for (const scenario of chosen) {
        note(say('scenarioBegins', { name: scenario.name, seed }));
        const outcome = await playOnce(lab, { scenario, seed, language, signal: interrupted, say: note });
        outcomes.push(outcome);
        if (!json) print(lineOf(terminal, outcome));
        if (outcome.verdict !== 'valid') noteRepeat(terminal, which, outcome);
      }
    }
    if (json) print(JSON.stringify(outcomes));
    return exitOf(outcomes.map(({ verdict }) => verdict));
  };
  return await withLab(terminal, playAll, folder);
}

/** @throws WrongArgs, ScenarioProblem */
async function chosenOf({ programFolder }: Terminal, { which, all }: ScenarioArgs): Promise<readonly Scenario[]> {
  const library = await scenariosIn(programFiles(programFolder).scenarios);
  if (all) {
    if (which !== null) throw new WrongArgs('scenarioAll', { which });
    return library;
  }
  if (which === null) throw new WrongArgs('scenarioWhich');
  const named = library.find(({ name }) => name === which);
  if (named !== undefined) return [named];
  if (existsSync(which)) return [await scenarioIn(which)];
  throw new WrongArgs('scenarioUnknown', { which });
}

/**
 * Prints the command that plays a scenario again.
 *
 * @param which  name or path as it was typed; null: one of all scenarios
 */
function noteRepeat({ note, say, launcher }: Terminal, which: string | null, { name, seed }: ScenarioOutcome): void {
  const again = ['scenario', 'run', which === null ? name : which, ...optionArgs({ seed })];
  note(say('seedRepeat', { seed, command: commandLine(launcher, again) }));
}

function lineOf({ say, language }: Terminal, outcome: ScenarioOutcome): string {
  const { name, verdict, seconds, seed, runId, counts, lagMs } = outcome;
  const reason = language === 'zh-CN' ? outcome.reasonZh : outcome.reason;
  const facts = say('scenarioFacts', {
    seed,
    rpcs: counts.rpcs,
    crashes: counts.crashes,
    elections: counts.elections,
    lag: lagMs,
  });
  const why = reason === '' ? '' : `\n  ${reason}`;
  return `${say(`verdict-${verdict}`)}  ${name} (${seconds.toFixed(2)} s)  ${facts}  ${runId}${why}`;
}
