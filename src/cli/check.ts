/**
 * `raft-lab check`: judges a recorded run, its exported file, or a published history. The verdict is the exit code
 * (exit.ts).
 */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  HISTORY_FORMATS,
  type HistoryFormat,
  HistoryProblem,
  type HistoryVerdict,
} from '../core/check/history/index.ts';
import { lateInWords, standstillsInWords } from '../core/check/liveness/index.ts';
import { flawInWords } from '../core/lab-api/index.ts';
import { judgeHistoryFile, judgeRecordingFile, judgeRunFolder, LabProblem, type RunReport } from '../lab/index.ts';
import { EXIT, exitOf } from './exit.ts';
import type { Terminal } from './terminal.ts';
import { errorSentence, inLanguage } from './words.ts';

/** Arguments of `raft-lab check`. */
export interface CheckArgs {
  /** File of a history or of an exported run, folder of a run, or name of a run in the data folder. */
  readonly what: string | null;
  /** Format of a history. Null: the kind of file is recognised by its content. */
  readonly format: HistoryFormat | null;
  readonly json: boolean;
}

export async function check(terminal: Terminal, { what, format, json }: CheckArgs): Promise<number> {
  const { say, note, language, interrupted } = terminal;
  if (what === null) {
    note(say('checkWhat'));
    return EXIT.usage;
  }
  const path = placeOf(terminal, what);
  if (path === null) {
    note(say('checkNothing', { what }));
    return EXIT.failed;
  }
  const found = await stat(path);
  if (found.isDirectory()) {
    const report = await unlessInterrupted(interrupted, judgeRunFolder(path, interrupted));
    return report === null ? EXIT.interrupted : tellRun(terminal, report, json);
  }
  if (!found.isFile()) {
    note(errorSentence(language, new LabProblem('not-a-file', { path }).error));
    return EXIT.failed;
  }
  if (format !== null) return await tellHistory(terminal, path, format, json);
  return await tellFile(terminal, path, json);
}

/** Judges an exported run, which is recognised by its content; other files are histories and need --format. */
async function tellFile(terminal: Terminal, path: string, json: boolean): Promise<number> {
  const { say, note, interrupted } = terminal;
  try {
    const report = await unlessInterrupted(interrupted, judgeRecordingFile(path, interrupted));
    return report === null ? EXIT.interrupted : tellRun(terminal, report, json);
  } catch (problem) {
    if (!(problem instanceof LabProblem) || problem.error.code !== 'not-a-recording') throw problem;
    note(say('checkFormat', { formats: HISTORY_FORMATS.join(', ') }));
    return EXIT.usage;
  }
}

function placeOf(terminal: Terminal, what: string): string | null {
  if (existsSync(what)) return what;
  const run = join(terminal.dataFolder, 'runs', what);
  return /^[\w-]+$/.test(what) && existsSync(run) ? run : null;
}

async function tellHistory(
  { print, note, say, interrupted }: Terminal,
  path: string,
  format: HistoryFormat,
  json: boolean,
): Promise<number> {
  let found: HistoryVerdict | null;
  try {
    found = await unlessInterrupted(interrupted, judgeHistoryFile(path, format, interrupted));
  } catch (problem) {
    if (!(problem instanceof HistoryProblem)) throw problem;
    note(say('checkProblem', { path, problem: problem.message }));
    return EXIT.undecided;
  }
  if (found === null) return EXIT.interrupted;
  if (json) print(JSON.stringify(found));
  else for (const line of historyLines(say, found)) print(line);
  return exitOf([found.verdict]);
}

/** Resolves with the result of the work; null when the work was interrupted, which it reports by throwing. */
async function unlessInterrupted<Result>(interrupted: AbortSignal, work: Promise<Result>): Promise<Result | null> {
  try {
    return await work;
  } catch (problem) {
    if (interrupted.aborted) return null;
    throw problem;
  }
}

function tellRun(terminal: Terminal, found: RunReport, json: boolean): number {
  const { print, say } = terminal;
  if (json) print(JSON.stringify(found));
  else {
    for (const { property, outcome, examined, unknown, violations } of found.verdicts) {
      print(`${say(`outcome-${outcome}`).padEnd(12)} ${property}  ${say('checkFacts', { examined, unknown })}`);
      for (const { rule, params } of violations) print(`  ${rule}: ${JSON.stringify(params)}`);
    }
    for (const line of historyLines(say, found.history)) print(line);
    for (const line of livenessLines(terminal, found.liveness)) print(line);
    for (const line of scenarioLines(terminal, found.scenario)) print(line);
    const { outcome, events, lastSeq, flaw, unproved } = found;
    print(`${say(`outcome-${outcome}`).padEnd(12)} ${say('checkRun', { events, lastSeq })}`);
    if (flaw !== null)
      print(`  ${say('checkFlaw', { flaw: inLanguage(terminal.language, flawInWords(flaw)), lastSeq })}`);
    if (unproved > 0) print(`  ${say('checkUnproved', { count: unproved })}`);
  }
  return exitOf([found.outcome]);
}

function scenarioLines({ say, language }: Terminal, played: RunReport['scenario']): readonly string[] {
  if (played === null) return [];
  const { name, verdict, reason } = played;
  const first = `${say(`verdict-${verdict}`).padEnd(12)} scenario ${name}`;
  return reason === null ? [first] : [first, `  ${inLanguage(language, reason)}`];
}

function historyLines(say: Terminal['say'], found: HistoryVerdict): readonly string[] {
  const { verdict, operations, keys, steps, violation, unknownKeys } = found;
  const first = `${say(`outcome-${verdict}`).padEnd(12)} linearizable  ${say('checkHistory', { operations, keys, steps })}`;
  const window =
    violation === null
      ? []
      : [say('checkWindow', { key: violation.key }), ...violation.window.map((line) => `  ${line}`)];
  return [first, ...window, ...unknownKeys.map((key) => say('checkTooHard', { key }))];
}

function livenessLines({ say, language }: Terminal, found: RunReport['liveness']): readonly string[] {
  const { outcome, leaders, slowestLeaderMs, commands, violation } = found;
  const facts = say('checkLiveness', { leaders, slowest: slowestLeaderMs, commands });
  const first = `${say(`outcome-${outcome}`).padEnd(12)} liveness  ${facts}`;
  const told = [violation === null ? null : lateInWords(violation), standstillsInWords(found)];
  const sentences = told.filter((both) => both !== null).map((both) => inLanguage(language, both));
  return [first, ...sentences.map((sentence) => `  ${sentence}`)];
}
