/** `raft-lab scenario list` and `raft-lab scenario run`: scenarios by name or from a file, with live progress and a verdict. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LabErrorCode } from '../core/lab-api/index.ts';
import { type Scenario, ScenarioProblem } from '../core/scenario/index.ts';
import { type Lab, LabProblem, programFiles, type ScenarioOutcome, scenarioIn, scenariosIn } from '../lab/index.ts';
import { EXIT, exitOf } from './exit.ts';
import { playOnce, seedsFor } from './play.ts';
import { type Terminal, withLab } from './terminal.ts';
import { errorSentence, type Say } from './words.ts';

interface Asked {
  readonly verb: string | null;
  readonly which: string | null;
  readonly json: boolean;
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

export async function scenario(terminal: Terminal, asked: Asked): Promise<number> {
  const { say, note } = terminal;
  try {
    if (asked.verb === 'list' && asked.which === null) return await list(terminal, asked.json);
    if (asked.verb === 'run') return await run(terminal, asked);
  } catch (problem) {
    // A file that cannot be played is a wrong word of the command line: nothing was started.
    if (problem instanceof LabProblem && UNPLAYABLE.has(problem.error.code)) {
      note(errorSentence(terminal.language, problem.error));
      return EXIT.usage;
    }
    if (!(problem instanceof ScenarioProblem) && !(problem instanceof WrongWord)) throw problem;
    note(problem.message);
    return EXIT.usage;
  }
  note(say('scenarioVerb'));
  return EXIT.usage;
}

const UNPLAYABLE: ReadonlySet<LabErrorCode> = new Set(['not-a-file', 'file-too-large', 'not-utf8']);

class WrongWord extends Error {}

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

async function run(terminal: Terminal, asked: Asked): Promise<number> {
  const { print, note, say, interrupted, language } = terminal;
  const { out, seed, runs } = asked.options;
  const chosen = await chosenOf(terminal, asked);
  const seeds = seedsFor(
    seed === undefined ? null : whole(say, '--seed', seed, { least: 0, most: 2 ** 32 - 1 }),
    whole(say, '--runs', runs ?? '1', { least: 1, most: 10_000 }),
  );
  const folder = typeof out === 'string' ? resolve(out) : terminal.dataFolder;
  const playAll = async (lab: Lab): Promise<number> => {
    const outcomes: ScenarioOutcome[] = [];
    for (const one of seeds) {
      for (const scenario of chosen) {
        note(say('scenarioBegins', { name: scenario.name, seed: one }));
        const outcome = await playOnce(lab, { scenario, seed: one, language, signal: interrupted, say: note });
        outcomes.push(outcome);
        if (!asked.json) print(lineOf(terminal, outcome));
      }
    }
    if (asked.json) print(JSON.stringify(outcomes));
    return exitOf(outcomes.map(({ verdict }) => verdict));
  };
  return await withLab(terminal, playAll, folder);
}

/** @throws WrongWord, ScenarioProblem */
async function chosenOf({ programFolder, say }: Terminal, { which, options }: Asked): Promise<readonly Scenario[]> {
  const all = await scenariosIn(programFiles(programFolder).scenarios);
  if (options.all === true) {
    if (which !== null) throw new WrongWord(say('scenarioAll', { which }));
    return all;
  }
  if (which === null) throw new WrongWord(say('scenarioWhich'));
  const named = all.find(({ name }) => name === which);
  if (named !== undefined) return [named];
  if (existsSync(which)) return [await scenarioIn(which)];
  throw new WrongWord(say('scenarioUnknown', { which }));
}

/** @throws WrongWord */
function whole(
  say: Say,
  option: string,
  text: string | boolean,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const value = typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new WrongWord(say('wholeBetween', { option, given: String(text), least, most }));
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
