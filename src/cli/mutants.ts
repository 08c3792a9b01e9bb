/**
 * `npm run mutants` (`out/main/mutants.js`): every mutant runs through random seeds until a property with a name catches it;
 * a mutant that is never caught is a hole in the proof. The unmutated core runs through the same seeds and must be clean.
 */
import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import {
  findMutant,
  MUTANTS,
  rightRules,
  ruleIdOf,
  rulesWith,
  type SceneName,
  sceneOf,
} from '../core/mutants/index.ts';
import { simulate } from '../core/simulation/index.ts';
import { noteLine, printLine } from './console.ts';
import { EXIT } from './exit.ts';
import { onAllCores, serveBatches } from './many-seeds.ts';
import { program } from './program.ts';

const USAGE = `npm run mutants -- [--json]

Runs every mutant through random seeds until a property catches it, and the right rules through the same seeds.

  --json        the rows as one JSON list

Exit code 0: every mutant was caught and the right rules are clean; 1: not so; 2: the command line; 3: it could not be done.`;

const MOST_SEEDS = 2_000;
const STEPS = 3_000;

interface Job {
  readonly mutant: string | null;
  /** A world made for it; null: what the seed draws. */
  readonly scene: SceneName | null;
}

/** The first seed of a batch that broke something, and how far it got. */
interface Found {
  readonly caught: { readonly seed: number; readonly property: string; readonly sentence: string } | null;
  readonly seeds: number;
  readonly steps: number;
}

/** One row of docs/mutants.md. */
interface Row {
  readonly mutant: string;
  readonly rule: string;
  readonly what: string;
  readonly inspiredBy: string;
  /** `null`: random worlds. */
  readonly scene: SceneName | null;
  readonly caughtBy: string | null;
  readonly seed: number | null;
  readonly seeds: number;
  readonly steps: number;
}

if (isMainThread) process.exitCode = await program(process.argv.slice(2), USAGE, askedFor, huntAll);
else serveBatches(run);

/** An impossible state is a crash of the mutant, not a property: such a seed is passed over. */
function run({ mutant, scene }: Job, first: number, seeds: number): Found {
  const found = mutant === null ? undefined : findMutant(mutant);
  const rules = found === undefined ? rightRules : rulesWith(found);
  let steps = 0;
  for (let at = 0; at < seeds; at += 1) {
    const seed = first + at;
    const world = scene === null ? {} : sceneOf(scene, seed);
    const result = simulate({ seed, steps: STEPS, rules, ...world });
    steps += result.steps;
    if (result.broken === null || result.broken.property === 'invariant') continue;
    const { property, sentence } = result.broken;
    return { caught: { seed, property, sentence }, seeds: at + 1, steps };
  }
  return { caught: null, seeds, steps };
}

/** @throws Error with a sentence */
function askedFor(args: readonly string[]): { readonly json: boolean } {
  const options = { json: { type: 'boolean', default: false } } as const;
  return parseArgs({ args: [...args], options, strict: true }).values;
}

async function huntAll({ json }: { readonly json: boolean }): Promise<number> {
  const rows: Row[] = [];
  for (const mutant of MUTANTS) {
    const { id, what, inspiredBy } = mutant;
    const scene = mutant.scene ?? null;
    const { caught, seeds, steps } = await hunt({ mutant: id, scene }, MOST_SEEDS);
    const row = { mutant: id, rule: ruleIdOf(mutant), what, inspiredBy };
    rows.push({ ...row, scene, caughtBy: caught?.property ?? null, seed: caught?.seed ?? null, seeds, steps });
    if (!json) printLine(lineOf(rows.at(-1) as Row));
  }
  const rights = [
    { scene: null, seeds: Math.max(...rows.filter(({ scene }) => scene === null).map(({ seeds }) => seeds)) },
    ...rows.flatMap(({ scene, seeds }) => (scene === null ? [] : [{ scene, seeds }])),
  ];
  if (json) printLine(JSON.stringify(rows));
  const missed = rows.filter(({ caughtBy }) => caughtBy === null);
  noteLine(
    `${rows.length - missed.length} of ${rows.length} mutants caught, ${rows.filter(({ scene, caughtBy }) => scene === null && caughtBy !== null).length} of them by random worlds`,
  );
  let isClean = true;
  for (const { scene, seeds } of rights) {
    const { caught } = await hunt({ mutant: null, scene }, seeds);
    const where = `${seeds} seeds${scene === null ? '' : ` of ${scene}`}`;
    if (caught === null) noteLine(`the right rules are clean on the same ${where}`);
    else noteLine(`the right rules broke on the same ${where}: seed ${caught.seed}: ${caught.sentence}`);
    isClean &&= caught === null;
  }
  return missed.length === 0 && isClean ? EXIT.ok : EXIT.failed;
}

/** Seeds in order, in parallel, until one is caught. */
async function hunt(job: Job, most: number): Promise<Found> {
  let caught: Found['caught'] = null;
  let seeds = 0;
  let steps = 0;
  await onAllCores<Job, Found>({
    ...{ entry: import.meta.filename, job, first: 0, seeds: most },
    onBatch: (found) => {
      seeds += found.seeds;
      steps += found.steps;
      if (found.caught !== null && (caught === null || found.caught.seed < caught.seed)) caught = found.caught;
    },
    stop: () => caught !== null,
  });
  return { caught, seeds, steps };
}

function lineOf({ mutant, rule, scene, caughtBy, seed, seeds, steps }: Row): string {
  const how = caughtBy === null ? 'NOT CAUGHT' : `${caughtBy} at seed ${seed}${scene === null ? '' : ` of ${scene}`}`;
  return `${rule.padEnd(4)} ${mutant.padEnd(30)} ${how.padEnd(40)} ${seeds} seeds, ${steps} steps`;
}
