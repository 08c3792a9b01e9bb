/**
 * `npm run soak` (`out/main/soak.js`): a soak of the length asked for on a lab of its own in a temporary folder, a line
 * of progress every ten rounds on stderr, the report on stdout, the verdict as exit code. The run's folder is kept unless
 * the verdict is valid. Flow: argv → runSoak → report.
 */
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLab, programFiles, runSoak, type SoakReport, temporaryRoot } from '../lab/index.ts';
import { noteLine, printLine } from './console.ts';
import { EXIT, exitOf } from './exit.ts';
import { callOffBySignal, program } from './program.ts';

const USAGE = `npm run soak -- [--minutes N] [--kills N] [--terms N] [--fill N] [--depose N] [--seed S] [--json]

Real servers are killed with -9, frozen, cut, delayed and made to lose and duplicate messages while clients write;
after every recovery and at the end their files are read and judged.

  --minutes N   at least so long (default 10, or 0 with --kills or --terms)
  --kills N     at least so many SIGKILLs (default 0)
  --terms N     until a server has reached this term (default 0)
  --fill N      values of 60,000 characters that clients write before the first kill (default 90: 5.4 MB)
  --depose N    leaders that are cut off in each round until others elect another (default 0); each makes a term
  --seed S      0 to 4294967295; the same seed draws the same faults (default: drawn)
  --json        the report as one JSON object

Exit code 0: nothing lost, doubled or unequal, no property of Raft broken; 1: something was; 2: the command line;
3: the lab failed; 4: nothing was found, but a server did not answer or recover in time; 130: called off.`;

interface Asked {
  readonly minutes: number;
  readonly kills: number;
  readonly terms: number;
  readonly fill: number;
  readonly depose: number;
  readonly seed: number;
  readonly json: boolean;
}

process.exitCode = await program(process.argv.slice(2), USAGE, askedFor, soak);

/** @throws Error with a sentence */
function askedFor(args: readonly string[]): Asked {
  const text = { type: 'string' } as const;
  const options = {
    minutes: text,
    kills: text,
    terms: text,
    fill: text,
    depose: text,
    seed: text,
    json: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args: [...args], options, strict: true });
  const kills = numberOf('--kills', values.kills ?? '0', 1_000_000);
  const terms = numberOf('--terms', values.terms ?? '0', 1_000_000);
  const minutes = numberOf('--minutes', values.minutes ?? (kills > 0 || terms > 0 ? '0' : '10'), 10_000);
  const fill = numberOf('--fill', values.fill ?? '90', 10_000);
  const depose = numberOf('--depose', values.depose ?? '0', 100);
  const seed = numberOf('--seed', values.seed ?? String(randomInt(2 ** 32)), 0xffff_ffff);
  if (![kills, terms, fill, depose, seed].every(Number.isInteger)) {
    throw new Error('--kills, --terms, --fill, --depose and --seed are whole numbers.');
  }
  return { minutes, kills, terms, fill, depose, seed, json: values.json };
}

function numberOf(name: string, text: string, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= most)) {
    throw new Error(`${name} ${text} is not a number from 0 to ${most}.`);
  }
  return value;
}

async function soak({ json, ...asked }: Asked): Promise<number> {
  const folder = await mkdtemp(join(temporaryRoot(), 'raft-lab-soak-'));
  const lab = await createLab({ dataFolder: folder, programs: programFiles(import.meta.dirname) });
  const calledOff = callOffBySignal(lab, 'Ending after this round. Once more: at once.');
  noteLine(`seed ${asked.seed}`);
  try {
    const report = await runSoak(lab, {
      ...asked,
      folderOf: (runId) => join(folder, 'runs', runId),
      onRound: (now) => {
        if (now.rounds % 10 === 0) noteLine(progressOf(now));
      },
      isCalledOff: () => calledOff.aborted,
    });
    await lab.close();
    printLine(json ? JSON.stringify(report) : tableOf(report));
    if (report.verdict === 'valid') await rm(folder, { recursive: true, force: true });
    else noteLine(`The run is kept: ${join(folder, 'runs', report.runId)}`);
    return exitCodeOf(report.verdict, calledOff.aborted);
  } catch (problem) {
    await lab.close();
    noteLine(`The soak could not go on (seed ${asked.seed}): ${(problem as Error).message}`);
    noteLine(`What was recorded is kept: ${folder}`);
    return EXIT.lab;
  }
}

/** A violation is one, also in a soak that was called off; a soak that was called off is no verdict otherwise. */
function exitCodeOf(verdict: SoakReport['verdict'], isCalledOff: boolean): number {
  return isCalledOff && verdict !== 'violated' ? EXIT.interrupted : exitOf([verdict]);
}

function progressOf({ seconds, kills, terms, acknowledged, worstRecoveryMs, unanswered }: SoakReport): string {
  const known = `${Math.round(seconds)} s: ${kills} kills, ${terms} terms, ${acknowledged} writes`;
  const silent = unanswered > 0 ? `, ${unanswered} stores not answered in time` : '';
  return `${known}, slowest recovery ${worstRecoveryMs} ms${silent}`;
}

/** As docs/soak.md shows it. */
function tableOf(report: SoakReport): string {
  const { problems, broken, missing, runId: _run, ...rows } = report;
  const lines = Object.entries(rows).map(([name, value]) => `| ${name} | ${value} |`);
  return ['| | |', '|---|---|', ...lines, '', ...verdictLines(report)].join('\n');
}

function verdictLines({ verdict, problems, broken, missing }: SoakReport): readonly string[] {
  if (verdict === 'violated') return [...problems, ...broken.map((property) => `${property} is broken`)];
  const found = 'Nothing was lost, doubled or unequal';
  if (verdict === 'valid') return [`${found}.`];
  return [`${found}, but something is missing:`, ...missing];
}
