/** The choices of *New run* as pure functions: first values, values of another run, and the request that follows. */
import type { RunChoice } from '../../core/lab-api/index.ts';
import type { RunSettings } from '../../core/trace/index.ts';
import { DEFAULT_TIMING, type Experiment, type Timing, timingOf } from '../../core/vocabulary/index.ts';
import { isOfPace } from '../experiment/draft.ts';

/** Everything that the dialog lets a person choose. */
export interface NewRun {
  readonly servers: number;
  readonly pace: NonNullable<RunChoice['pace']>;
  readonly preset: NonNullable<RunChoice['preset']>;
  readonly durability: NonNullable<RunChoice['durability']>;
  /** Extensions of another run that are no preset; null once a preset is chosen. */
  readonly flags: NonNullable<RunChoice['flags']> | null;
  readonly timing: Timing;
  readonly seed: number;
  /** Id of the wrong rule, empty for none; the number of its server, 0 for all. */
  readonly mutant: string;
  readonly mutantOf: number;
}

/** The lab's own defaults with this seed. */
export function firstRun(seed: number): NewRun {
  const usual = { servers: 5, pace: 'classroom', preset: 'paper', durability: 'fsync' } as const;
  return { ...usual, flags: null, timing: DEFAULT_TIMING, seed, mutant: '', mutantOf: 1 };
}

/** The choices that make a run like another one, with its seed. */
export function runLike(settings: RunSettings): NewRun {
  const { servers, pace, preset, durability, flags, seed, mutants = {} } = settings;
  const [first] = Object.entries(mutants);
  const isOnAll = Object.keys(mutants).length > 1;
  return {
    servers: servers.length,
    pace,
    preset: preset === 'custom' ? 'paper' : preset,
    durability,
    flags: preset === 'custom' ? flags : null,
    timing: timingOf(settings),
    seed,
    mutant: first?.[1] ?? '',
    mutantOf: first === undefined ? 1 : isOnAll ? 0 : Number(first[0].slice(1)),
  };
}

/** Returns the request for this run. A timing that is the pace's own is left out. */
export function choiceOf({ timing, mutant, mutantOf, flags, ...rest }: NewRun): RunChoice {
  // When the chosen server is missing in the new cluster, the first server runs the wrong rule.
  const only = mutantOf > rest.servers ? 1 : mutantOf;
  const numbers = only === 0 ? Array.from({ length: rest.servers }, (_, at) => at + 1) : [only];
  const mutants = Object.fromEntries(numbers.map((number) => [`S${number}`, mutant]));
  return {
    ...rest,
    ...(flags === null ? {} : { flags }),
    ...(isOfPace(timing, rest.pace) ? {} : timing),
    ...(mutant === '' ? {} : { mutants }),
  };
}

/** Returns the experiment of this run, for its ruler and warnings. */
export function experimentOf({ servers, pace, preset, flags, timing }: NewRun): Experiment {
  return { ...timing, servers, pace, checkQuorum: flags?.checkQuorum ?? preset === 'production' };
}

/** Draws a seed of 32 bits. */
export function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
