/**
 * Turns the few choices of a person into the complete settings of a run, which its manifest and its first event hold.
 * Pure: the caller draws the seed. Flow: createRun → here → run folder, servers, fold.
 */

import type { RunSettings } from '../core/catalogue/index.ts';
import type { RunChoice } from '../core/lab-api/index.ts';
import { LabProblem } from '../core/lab-api/lab-problem.ts';
import { findMutant, MUTANTS } from '../core/mutants/index.ts';
import {
  changedTiming,
  DEFAULT_TIMING,
  type ProtocolFlags,
  type Timing,
  type TimingChange,
} from '../core/vocabulary/index.ts';

const DEFAULT_SERVERS = 5;

/** The two protocol presets: Figure 2 as printed, and every extension on. */
const PRESETS: Readonly<Record<'paper' | 'production', ProtocolFlags>> = {
  paper: { preVote: false, checkQuorum: false, noop: false },
  production: { preVote: true, checkQuorum: true, noop: true },
};

/**
 * Fills in the settings that were not chosen: five servers, pace classroom, preset paper, every write fsynced.
 *
 * @param drawnSeed  used when the choice has no seed; 0 … 2³²−1
 * @throws LabProblem unknown-mutant, or bad-request for a range of election timeouts without any
 */
export function settingsFor(choice: RunChoice, drawnSeed: number): RunSettings {
  const preset = choice.preset ?? 'paper';
  const flags: ProtocolFlags = { ...PRESETS[preset], ...choice.flags };
  const known = (['paper', 'production'] as const).find((name) => sameFlags(PRESETS[name], flags));
  return {
    servers: Array.from({ length: choice.servers ?? DEFAULT_SERVERS }, (_, at) => `S${at + 1}`),
    pace: choice.pace ?? 'classroom',
    preset: known ?? 'custom',
    flags,
    durability: choice.durability ?? 'fsync',
    ...timingAfter(DEFAULT_TIMING, choice),
    ...mutantsOf(choice),
    seed: choice.seed ?? drawnSeed,
  };
}

/** Returns the timing after a change. @throws LabProblem bad-request when the range of election timeouts has none */
export function timingAfter(timing: Timing, change: TimingChange): Timing {
  const next = changedTiming(timing, change);
  if (next !== null) return next;
  throw new LabProblem('bad-request', { detail: 'the longest election timeout is below the shortest' });
}

/** Returns the settings that the program of this server receives, besides its timing. */
export function peerSettings({ durability, flags, mutants }: RunSettings, id: string) {
  const mutant = mutants?.[id];
  return { durability, flags, ...(mutant === undefined ? {} : { mutant }) };
}

/** @throws LabProblem unknown-mutant */
function mutantsOf({ mutants = {} }: RunChoice): Pick<RunSettings, 'mutants'> {
  for (const mutant of Object.values(mutants)) {
    if (findMutant(mutant) === undefined) {
      throw new LabProblem('unknown-mutant', { mutant, known: MUTANTS.map(({ id }) => id).join(', ') });
    }
  }
  return Object.keys(mutants).length === 0 ? {} : { mutants };
}

/**
 * Returns the random seed of one life of one server. Each server must draw different timeouts, and a restarted server
 * must not repeat the draws of its last life. The same settings give the same seeds.
 *
 * @returns 0 … 2³²−1
 */
export function seedFor(settings: RunSettings, server: string, life: number): number {
  let word = (settings.seed ^ Math.imul(settings.servers.indexOf(server) + 1, 0x9e3779b1)) >>> 0;
  word = Math.imul(word ^ (word >>> 16) ^ Math.imul(life, 0x85ebca6b), 0xc2b2ae35) >>> 0;
  return (word ^ (word >>> 13)) >>> 0;
}

function sameFlags(one: ProtocolFlags, other: ProtocolFlags): boolean {
  return one.preVote === other.preVote && one.checkQuorum === other.checkQuorum && one.noop === other.noop;
}
