/**
 * What one seed makes of a simulated run: how many servers, how they are timed, which extensions are on, what clients do,
 * and a random subset of faults with their rates. Every run has another world, so that together they go where no single
 * mixture would (swarm testing, Groce et al. 2012).
 */
import type { ProtocolFlags } from '../raft/types.ts';
import type { RunSettings } from '../trace/index.ts';
import { type Chance, createChance } from '../wire/index.ts';

/** The faults of the world. Rates are a second of simulated time unless said otherwise. */
export interface FaultRates {
  /** Shares of messages, 0–1. */
  readonly drop: number;
  readonly duplicate: number;
  readonly reorder: number;
  /** Extra delay of every message, up to this many microseconds. */
  readonly delayUs: number;
  /** Servers killed, started again, stopped and let go on. */
  readonly crash: number;
  readonly freeze: number;
  /** Groups cut apart both ways; single directions cut; links that keep everything until they let it go at once. */
  readonly partition: number;
  readonly oneWay: number;
  readonly clog: number;
  /** A write takes up to this long, microseconds; and the share of writes that hang for a second. */
  readonly writeUs: number;
  readonly hang: number;
  /** Ticks of a server are up to this much longer or shorter than they should be, a share. */
  readonly skew: number;
  /** A crash loses what the disk had not been told to keep: everything still under way, instead of a prefix of it. */
  readonly loseUnsynced: boolean;
}

/** A whole run. */
export interface SimulationOptions {
  readonly seed: number;
  readonly servers: number;
  readonly flags: ProtocolFlags;
  readonly electionTicks: number;
  readonly heartbeatTicks: number;
  readonly maxEntriesPerMessage: number;
  readonly maxInFlight: number;
  /** Entries a server applies in one turn at most. */
  readonly sliceEntries: number;
  readonly clients: number;
  readonly keys: number;
  readonly faults: FaultRates;
}

export const CALM: FaultRates = {
  ...{ drop: 0, duplicate: 0, reorder: 0, delayUs: 0, crash: 0, freeze: 0, partition: 0, oneWay: 0, clog: 0 },
  ...{ writeUs: 0, hang: 0, skew: 0, loseUnsynced: false },
};

/** The names of the faults, as reports count them. */
export type FaultName = keyof FaultRates;

/** The same seed gives the same options for ever. */
export function drawOptions(seed: number): SimulationOptions {
  const chance = createChance(seed, 'simulation options');
  const upTo = (least: number, most: number): number => least + Math.floor(chance() * (most - least + 1));
  const electionTicks = upTo(8, 20);
  return {
    seed,
    servers: pick(chance, [1, 2, 3, 3, 3, 4, 5, 5, 5, 6, 7]),
    flags: { preVote: chance() < 0.5, checkQuorum: chance() < 0.5, noop: chance() < 0.5 },
    electionTicks,
    heartbeatTicks: upTo(2, Math.max(2, Math.floor(electionTicks / 3))),
    maxEntriesPerMessage: upTo(1, 8),
    maxInFlight: upTo(1, 4),
    clients: upTo(1, 4),
    keys: upTo(1, 4),
    faults: drawFaults(chance),
    // Drawn last, so that a seed's other draws are what they were before there were slices.
    sliceEntries: upTo(1, 12),
  };
}

function drawFaults(chance: Chance): FaultRates {
  const rate = (most: number): number => (chance() < 0.5 ? 0 : most * (0.1 + 0.9 * chance()));
  return {
    drop: rate(0.3),
    duplicate: rate(0.3),
    reorder: rate(0.5),
    delayUs: Math.round(rate(60_000)),
    crash: rate(1.5),
    freeze: rate(1),
    partition: rate(1),
    oneWay: rate(1),
    clog: rate(1),
    writeUs: Math.round(rate(20_000)),
    hang: rate(0.02),
    skew: rate(0.3),
    loseUnsynced: chance() < 0.5,
  };
}

function pick<Item>(chance: Chance, items: readonly [Item, ...Item[]]): Item {
  return items[Math.floor(chance() * items.length)] ?? items[0];
}

/** The same as the settings of a real run, for the trace. */
export function settingsOf(options: SimulationOptions, servers: readonly string[]): RunSettings {
  const { seed, flags, electionTicks, heartbeatTicks } = options;
  return {
    ...{ servers, pace: 'real', preset: 'custom', flags, durability: 'fsync' },
    ...{ electionTicks, heartbeatTicks, seed },
  };
}
