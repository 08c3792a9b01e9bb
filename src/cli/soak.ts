/**
 * `raft-lab soak`: runs a soak of the requested length on a lab of its own in a temporary folder. Prints a line of
 * progress every ten rounds on stderr and the report on stdout; the verdict is the exit code. The run's folder is kept
 * unless the verdict is valid. Flow: arguments → runSoak → report.
 */
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BothLanguages } from '../core/lab-api/index.ts';
import { runSoak, type SoakReport, temporaryRoot } from '../lab/index.ts';
import { EXIT, exitOf } from './exit.ts';
import { commandLine, optionArgs } from './repeat.ts';
import type { Terminal } from './terminal.ts';
import { openLab } from './with-lab.ts';
import { inLanguage } from './words.ts';

/** Length of a soak without any option that sets it, minutes. */
const USUAL_MINUTES = 10;
/** Number of rounds between two lines of progress. */
const ROUNDS_A_LINE = 10;

/** Arguments of `raft-lab soak`. */
export interface SoakArgs {
  /** Minimum length. Null: ten minutes, or none when kills or terms decide the length. */
  readonly minutes: number | null;
  /** Minimum number of SIGKILLs. */
  readonly kills: number;
  /** Highest term that some server must reach. */
  readonly terms: number;
  /** Number of values of 60,000 characters that are written before the first kill. */
  readonly fill: number;
  /** Number of leaders that are cut off in each round. */
  readonly depose: number;
  /** Null: drawn. */
  readonly seed: number | null;
  readonly json: boolean;
}

export async function soak(terminal: Terminal, { json, ...args }: SoakArgs): Promise<number> {
  const { say, note, print, interrupted, launcher } = terminal;
  const minutes = args.minutes ?? (args.kills > 0 || args.terms > 0 ? 0 : USUAL_MINUTES);
  const asked = { ...args, minutes, seed: args.seed ?? randomInt(2 ** 32) };
  const folder = await mkdtemp(join(temporaryRoot(), 'raft-lab-soak-'));
  const lab = await openLab(terminal, folder);
  const command = commandLine(launcher, ['soak', ...optionArgs(asked)]);
  note(say('seedRepeat', { seed: asked.seed, command }));
  try {
    const report = await runSoak(lab, {
      ...asked,
      folderOf: (runId) => join(folder, 'runs', runId),
      onRound: (now) => {
        if (now.rounds % ROUNDS_A_LINE === 0) note(progressOf(terminal, now));
      },
      isCalledOff: () => interrupted.aborted,
    });
    await lab.close();
    print(json ? JSON.stringify(inEnglish(report)) : tableOf(terminal, report));
    if (report.verdict === 'valid') await rm(folder, { recursive: true, force: true });
    else note(say('soakKept', { folder: join(folder, 'runs', report.runId) }));
    return exitCodeOf(report.verdict, interrupted.aborted);
  } catch (problem) {
    await lab.close();
    note(say('soakFailed', { seed: asked.seed, problem: (problem as Error).message }));
    note(say('soakKept', { folder }));
    return EXIT.lab;
  }
}

/** Returns the exit code. A soak that was called off without a violation counts as interrupted. */
function exitCodeOf(verdict: SoakReport['verdict'], isCalledOff: boolean): number {
  return isCalledOff && verdict !== 'violated' ? EXIT.interrupted : exitOf([verdict]);
}

function progressOf({ say }: Terminal, report: SoakReport): string {
  const { seconds, kills, terms, acknowledged, worstRecoveryMs, unanswered } = report;
  const known = say('soakProgress', {
    seconds: Math.round(seconds),
    kills,
    terms,
    acknowledged,
    recovery: worstRecoveryMs,
  });
  return unanswered > 0 ? `${known}${say('soakUnanswered', { count: unanswered })}` : known;
}

/** Returns the report for other programs, in which sentences are always English. */
function inEnglish({ problems, missing, ...report }: SoakReport) {
  return { ...report, problems: problems.map(({ en }) => en), missing: missing.map(({ en }) => en) };
}

/** Returns a table in Markdown, as docs/soak.md shows it, with the verdict below it. */
function tableOf(terminal: Terminal, report: SoakReport): string {
  const { problems, broken, missing, runId: _run, ...figures } = report;
  const lines = Object.entries(figures).map(([name, value]) => `| ${name} | ${value} |`);
  return ['| | |', '|---|---|', ...lines, '', ...verdictLines(terminal, report)].join('\n');
}

function verdictLines(
  { say, language }: Terminal,
  { verdict, problems, broken, missing }: SoakReport,
): readonly string[] {
  const sentences = (both: readonly BothLanguages[]) => both.map((one) => inLanguage(language, one));
  if (verdict === 'violated')
    return [...sentences(problems), ...broken.map((property) => say('soakBroken', { property }))];
  return verdict === 'valid' ? [say('soakValid')] : [say('soakUnknown'), ...sentences(missing)];
}
