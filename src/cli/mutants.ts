/**
 * `npm run mutants` (`out/main/mutants.js`): every mutant runs through random seeds until a property with a name catches it;
 * whoever is not caught is a hole in the proof. The unmutated core runs through the same seeds and must be clean.
 */
import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { findMutant, MUTANTS, rightRules, ruleIdOf, rulesWith } from '../core/mutants/index.ts';
import { simulate } from '../core/simulation/index.ts';
import { onAllCores, serveBatches } from './many-seeds.ts';

const MOST_SEEDS = 2_000;
const STEPS = 3_000;

interface Job {
  readonly mutant: string | null;
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
  readonly caughtBy: string | null;
  readonly seed: number | null;
  readonly seeds: number;
  readonly steps: number;
}

if (isMainThread) process.exitCode = await main(process.argv.slice(2));
else serveBatches(run);

/** An impossible state is a crash of the mutant, not a property: such a seed is passed over. */
function run({ mutant }: Job, first: number, seeds: number): Found {
  const found = mutant === null ? undefined : findMutant(mutant);
  const rules = found === undefined ? rightRules : rulesWith(found);
  let steps = 0;
  for (let at = 0; at < seeds; at += 1) {
    const result = simulate({ seed: first + at, steps: STEPS, rules });
    steps += result.steps;
    if (result.broken === null || result.broken.property === 'invariant') continue;
    const { property, sentence } = result.broken;
    return { caught: { seed: first + at, property, sentence }, seeds: at + 1, steps };
  }
  return { caught: null, seeds, steps };
}

async function main(args: readonly string[]): Promise<number> {
  const options = { json: { type: 'boolean', default: false } } as const;
  let json: boolean;
  try {
    json = parseArgs({ args: [...args], options, strict: true }).values.json;
  } catch (problem) {
    console.error(`${(problem as Error).message}\n\nnpm run mutants [-- --json]`);
    return 2;
  }
  const rows: Row[] = [];
  for (const mutant of MUTANTS) {
    const { id, what, inspiredBy } = mutant;
    const { caught, seeds, steps } = await hunt(id, MOST_SEEDS);
    const row = { mutant: id, rule: ruleIdOf(mutant), what, inspiredBy };
    rows.push({ ...row, caughtBy: caught?.property ?? null, seed: caught?.seed ?? null, seeds, steps });
    if (!json) console.log(lineOf(rows.at(-1) as Row));
  }
  const most = Math.max(...rows.map(({ seeds }) => seeds));
  const right = await hunt(null, most);
  if (json) console.log(JSON.stringify(rows));
  const missed = rows.filter(({ caughtBy }) => caughtBy === null);
  console.error(`${rows.length - missed.length} of ${rows.length} mutants caught by random seeds`);
  if (right.caught !== null)
    console.error(`the right rules broke too: seed ${right.caught.seed}: ${right.caught.sentence}`);
  else console.error(`the right rules are clean on the same ${most} seeds`);
  return missed.length === 0 && right.caught === null ? 0 : 1;
}

/** Seeds in order, in parallel, until one is caught. */
async function hunt(mutant: string | null, most: number): Promise<Found> {
  let caught: Found['caught'] = null;
  let seeds = 0;
  let steps = 0;
  await onAllCores<Job, Found>({
    ...{ entry: import.meta.filename, job: { mutant }, first: 0, seeds: most },
    onBatch: (found) => {
      seeds += found.seeds;
      steps += found.steps;
      if (found.caught !== null && (caught === null || found.caught.seed < caught.seed)) caught = found.caught;
    },
    stop: () => caught !== null,
  });
  return { caught, seeds, steps };
}

function lineOf({ mutant, rule, caughtBy, seed, seeds, steps }: Row): string {
  const how = caughtBy === null ? 'NOT CAUGHT' : `${caughtBy} at seed ${seed}`;
  return `${rule.padEnd(4)} ${mutant.padEnd(30)} ${how.padEnd(40)} ${seeds} seeds, ${steps} steps`;
}
