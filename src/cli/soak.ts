/**
 * `npm run soak` (`out/main/soak.js`): a soak of the length asked for on a lab of its own in a temporary folder, a line
 * of progress every ten rounds on stderr, the report on stdout. Exit code 0: nothing was lost, doubled or unequal;
 * 1: something was, and the run's folder is kept; 2: the command line or the lab itself failed; 130: called off.
 */
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLab, programFiles, runSoak, type SoakReport } from '../lab/index.ts';
import { callOffBySignal, program } from './program.ts';

const USAGE = `npm run soak -- [--minutes N] [--kills N] [--seed S] [--json]

Real servers are killed with -9, frozen, cut, delayed and made to lose and duplicate messages while clients write;
after every recovery and at the end their files are read and judged.

  --minutes N   at least so long (default 10, or 0 with --kills)
  --kills N     at least so many SIGKILLs (default 0)
  --seed S      0 to 4294967295; the same seed draws the same faults (default: drawn)
  --json        the report as one JSON object

Exit code 0: nothing lost, doubled or unequal; 1: something was; 2: it could not be done; 130: called off.`;

interface Asked {
  readonly minutes: number;
  readonly kills: number;
  readonly seed: number;
  readonly json: boolean;
}

process.exitCode = await program(process.argv.slice(2), USAGE, askedFor, soak);

/** @throws Error with a sentence */
function askedFor(args: readonly string[]): Asked {
  const text = { type: 'string' } as const;
  const options = { minutes: text, kills: text, seed: text, json: { type: 'boolean', default: false } } as const;
  const { values } = parseArgs({ args: [...args], options, strict: true });
  const kills = numberOf('--kills', values.kills ?? '0', 1_000_000);
  const minutes = numberOf('--minutes', values.minutes ?? (kills > 0 ? '0' : '10'), 10_000);
  const seed = numberOf('--seed', values.seed ?? String(randomInt(2 ** 32)), 0xffff_ffff);
  if (!Number.isInteger(kills) || !Number.isInteger(seed)) throw new Error('--kills and --seed are whole numbers.');
  return { minutes, kills, seed, json: values.json };
}

function numberOf(name: string, text: string, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= most)) {
    throw new Error(`${name} ${text} is not a number from 0 to ${most}.`);
  }
  return value;
}

async function soak({ minutes, kills, seed, json }: Asked): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'raft-lab-soak-'));
  const lab = await createLab({ dataFolder: folder, programs: programFiles(import.meta.dirname) });
  const calledOff = callOffBySignal(lab, 'Ending after this round. Once more: at once.');
  console.error(`seed ${seed}`);
  try {
    const report = await runSoak(lab, {
      ...{ minutes, kills, seed },
      folderOf: (runId, server) => join(folder, 'runs', runId, 'servers', server),
      onRound: (now) => {
        if (now.rounds % 10 === 0) console.error(progressOf(now));
      },
      isCalledOff: () => calledOff.aborted,
    });
    await lab.close();
    console.log(json ? JSON.stringify(report) : tableOf(report));
    if (report.ok) await rm(folder, { recursive: true, force: true });
    else console.error(`The run is kept: ${join(folder, 'runs', report.runId)}`);
    if (!report.ok) return 1;
    return calledOff.aborted ? 130 : 0;
  } catch (problem) {
    await lab.close();
    console.error(`The soak could not go on (seed ${seed}): ${(problem as Error).message}`);
    console.error(`What was recorded is kept: ${folder}`);
    return 2;
  }
}

function progressOf({ seconds, kills, freezes, acknowledged, worstRecoveryMs }: SoakReport): string {
  return `${Math.round(seconds)} s: ${kills} kills, ${freezes} freezes, ${acknowledged} writes, slowest recovery ${worstRecoveryMs} ms`;
}

/** As docs/soak.md shows it. */
function tableOf(report: SoakReport): string {
  const { ok, problems, runId: _run, ...rows } = report;
  const lines = Object.entries(rows).map(([name, value]) => `| ${name} | ${value} |`);
  const verdict = ok ? 'Nothing was lost, doubled or unequal.' : problems.join('\n');
  return ['| | |', '|---|---|', ...lines, '', verdict].join('\n');
}
