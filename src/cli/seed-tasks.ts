/**
 * The work of worker threads for `raft-lab simulate` and `raft-lab mutants`. Each task is a function of plain data.
 * Simulating blocks a thread for seconds or minutes, so it runs in a thread of its own, and the main thread can still
 * react to signals. Flow: simulate.ts, mutants.ts → seed-pool.ts → seed-worker.ts → here.
 */
import { findMutant, rightRules, rulesWith, type SceneName, sceneOf } from '../core/mutants/index.ts';
import {
  type Bounds,
  type BranchCounts,
  countedRules,
  drawOptions,
  type EveryOrder,
  everyOrder,
  type FaultName,
  type SimulationOptions,
  type SimulationResult,
  shrink,
  simulate,
  withOnly,
} from '../core/simulation/index.ts';
import type { TraceEvent } from '../lab/index.ts';

/** Number of steps of one seed of a mutant. */
const MUTANT_STEPS = 3_000;
/** Number of events of a failure that are shown. */
const LAST_EVENTS = 50;

/** One seed with its number of steps. */
interface OneSeed {
  readonly seed: number;
  readonly steps: number;
  /** Kinds of faults; null: the kinds that the seed draws. */
  readonly only: readonly FaultName[] | null;
}

/** Several seeds in order, each with the same number of steps. */
interface ManySeeds extends Omit<OneSeed, 'seed'> {
  readonly first: number;
  readonly seeds: number;
}

/** A failure in its smallest form. */
interface Explained {
  readonly sentence: string;
  readonly step: number;
  /** Kinds of faults that are left in the smallest form. */
  readonly faults: readonly FaultName[];
  /** The last events, one JSON object each. */
  readonly events: readonly string[];
}

/** Seeds on which a rule is tried. */
interface Hunt {
  /** Id of the mutant; null: the right rules. */
  readonly mutant: string | null;
  /** A world made for the mutant; null: the world that the seed draws. */
  readonly scene: SceneName | null;
  readonly first: number;
  readonly seeds: number;
}

/** The first seed that broke a property, and how many seeds and steps were tried. */
export interface Hunted {
  readonly caught: { readonly seed: number; readonly property: string; readonly sentence: string } | null;
  readonly seeds: number;
  readonly steps: number;
}

export const TASKS = {
  simulate: ({ first, seeds, steps, only }: ManySeeds) => {
    const branches: BranchCounts = {};
    const rules = countedRules(rightRules, branches);
    const results = Array.from({ length: seeds }, (_, at) =>
      simulate({ seed: first + at, steps, rules, options: optionsFor(first + at, only) }),
    );
    return { results, branches };
  },
  record: ({ seed, steps, only }: OneSeed): readonly TraceEvent[] => {
    const events: TraceEvent[] = [];
    simulate({ seed, steps, options: optionsFor(seed, only), onEvent: (event) => events.push(event) });
    return events;
  },
  explain: ({ broken, steps, only }: Omit<OneSeed, 'seed'> & { readonly broken: SimulationResult }): Explained => {
    const { seed } = broken;
    const options = optionsFor(seed, only);
    const { result, faults, options: left } = shrink({ seed, steps, options }, broken);
    const events: string[] = [];
    simulate({
      seed,
      steps,
      // The repeating command draws the clients again.
      options: { ...left, clients: options.clients },
      onEvent: (event) => {
        events.push(JSON.stringify(event));
        if (events.length > LAST_EVENTS) events.shift();
      },
    });
    return { sentence: result.broken?.sentence ?? '', step: result.broken?.step ?? 0, faults, events };
  },
  hunt: ({ mutant, scene, first, seeds }: Hunt): Hunted => {
    const found = mutant === null ? undefined : findMutant(mutant);
    const rules = found === undefined ? rightRules : rulesWith(found);
    let steps = 0;
    for (let at = 0; at < seeds; at += 1) {
      const seed = first + at;
      const world = scene === null ? {} : sceneOf(scene, seed);
      const result = simulate({ seed, steps: MUTANT_STEPS, rules, ...world });
      steps += result.steps;
      // An impossible state is a crash of the mutant, not a broken property, so the seed is skipped.
      if (result.broken === null || result.broken.property === 'invariant') continue;
      const { property, sentence } = result.broken;
      return { caught: { seed, property, sentence }, seeds: at + 1, steps };
    }
    return { caught: null, seeds, steps };
  },
  everyOrder: (bounds: Bounds): EveryOrder => everyOrder(bounds, rightRules),
};

/** Name of a task. */
export type TaskName = keyof typeof TASKS;
/** Plain data with which a task begins. */
export type TaskData<Name extends TaskName> = Parameters<(typeof TASKS)[Name]>[0];
/** Plain data with which a task ends. */
export type TaskResult<Name extends TaskName> = ReturnType<(typeof TASKS)[Name]>;

function optionsFor(seed: number, only: readonly FaultName[] | null): SimulationOptions {
  const drawn = drawOptions(seed);
  return only === null ? drawn : { ...drawn, faults: withOnly(drawn.faults, only) };
}
