/**
 * `raft-lab mutants`: runs every mutant through random seeds until a named property catches it. A mutant that is never
 * caught is a hole in the proof. The right rules run through the same seeds and must stay clean. Flow: here →
 * seed-pool.ts.
 */
import { MUTANTS, ruleIdOf, type SceneName } from '../core/mutants/index.ts';
import { EXIT } from './exit.ts';
import { batches, type SeedPool, withSeedPool } from './seed-pool.ts';
import type { Hunted } from './seed-tasks.ts';
import type { Terminal } from './terminal.ts';

/** Maximum number of seeds for one mutant. */
const MOST_SEEDS = 2_000;
/** Number of seeds in one task of a worker. */
const BATCH = 10;

/** A rule and the world in which it is tried. */
interface Job {
  /** Id of the mutant; null: the right rules. */
  readonly mutant: string | null;
  /** A world made for this mutant; null: random worlds. */
  readonly scene: SceneName | null;
}

/** One row of docs/mutants.md. */
interface Row {
  readonly mutant: string;
  readonly rule: string;
  readonly what: string;
  readonly inspiredBy: string;
  /** Null: random worlds. */
  readonly scene: SceneName | null;
  readonly caughtBy: string | null;
  readonly seed: number | null;
  readonly seeds: number;
  readonly steps: number;
}

export async function mutants(terminal: Terminal, { json }: { readonly json: boolean }): Promise<number> {
  const { print, note, say } = terminal;
  return await withSeedPool(terminal, async (pool) => {
    const rows: Row[] = [];
    for (const mutant of MUTANTS) {
      const row = await rowOf(pool, mutant);
      rows.push(row);
      if (!json) print(lineOf(terminal, row));
    }
    if (json) print(JSON.stringify(rows));
    const caught = rows.filter(({ caughtBy }) => caughtBy !== null);
    const random = caught.filter(({ scene }) => scene === null).length;
    note(say('mutantsCaught', { caught: caught.length, count: rows.length, random }));
    const isClean = await areRightRulesClean(terminal, pool, rows);
    return caught.length === rows.length && isClean ? EXIT.ok : EXIT.failed;
  });
}

async function rowOf(pool: SeedPool, mutant: (typeof MUTANTS)[number]): Promise<Row> {
  const { id, what, inspiredBy } = mutant;
  const scene = mutant.scene ?? null;
  const { caught, seeds, steps } = await hunt(pool, { mutant: id, scene }, MOST_SEEDS);
  return {
    mutant: id,
    rule: ruleIdOf(mutant),
    what,
    inspiredBy,
    scene,
    caughtBy: caught?.property ?? null,
    seed: caught?.seed ?? null,
    seeds,
    steps,
  };
}

/** Runs the right rules on the seeds that the mutants had. */
async function areRightRulesClean({ note, say }: Terminal, pool: SeedPool, rows: readonly Row[]): Promise<boolean> {
  const ofRandomWorlds = rows.filter(({ scene }) => scene === null).map(({ seeds }) => seeds);
  const tried = [
    { scene: null, seeds: Math.max(...ofRandomWorlds) },
    ...rows.flatMap(({ scene, seeds }) => (scene === null ? [] : [{ scene, seeds }])),
  ];
  let isClean = true;
  for (const { scene, seeds } of tried) {
    const { caught } = await hunt(pool, { mutant: null, scene }, seeds);
    const where = scene === null ? say('mutantSeeds', { seeds }) : say('mutantSeedsOf', { seeds, scene });
    if (caught === null) note(say('mutantsClean', { where }));
    else note(say('mutantsUnclean', { where, seed: caught.seed, sentence: caught.sentence }));
    isClean &&= caught === null;
  }
  return isClean;
}

/** Runs seeds in order, several at a time, until one breaks a property. The lowest such seed counts. */
async function hunt(pool: SeedPool, { mutant, scene }: Job, most: number): Promise<Hunted> {
  let caught: Hunted['caught'] = null;
  let seeds = 0;
  let steps = 0;
  const untilCaught = function* () {
    for (const batch of batches(0, most, BATCH)) {
      if (caught !== null) return;
      yield { mutant, scene, ...batch };
    }
  };
  await pool.each('hunt', untilCaught(), (found) => {
    seeds += found.seeds;
    steps += found.steps;
    if (found.caught !== null && (caught === null || found.caught.seed < caught.seed)) caught = found.caught;
  });
  return { caught, seeds, steps };
}

function lineOf({ say }: Terminal, { mutant, rule, scene, caughtBy, seed, seeds, steps }: Row): string {
  const found = { property: caughtBy ?? '', seed: seed ?? 0, scene: scene ?? '' };
  const result = say(caughtBy === null ? 'mutantMissed' : scene === null ? 'mutantCaught' : 'mutantCaughtIn', found);
  return `${rule.padEnd(4)} ${mutant.padEnd(30)} ${result.padEnd(40)} ${say('mutantTried', { seeds, steps })}`;
}
