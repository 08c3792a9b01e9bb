/**
 * The options that a seed draws for a simulated run: number of servers, timing, extensions, client load, and a random
 * subset of faults with their rates. Each run draws its own mixture, because many mixtures together reach states that no
 * single one reaches (swarm testing, Groce et al. 2012).
 */

import type { RunSettings } from '../trace/index.ts';
import type { ProtocolFlags } from '../vocabulary/index.ts';
import { type Chance, createChance } from '../wire/index.ts';
import type { FaultRates } from './faults.ts';

/** The options of a whole run. */
export interface SimulationOptions {
  readonly seed: number;
  readonly servers: number;
  readonly flags: ProtocolFlags;
  readonly electionTicks: number;
  readonly heartbeatTicks: number;
  readonly maxEntriesPerMessage: number;
  readonly maxInFlight: number;
  /** Maximum number of entries that a server applies in one turn. */
  readonly sliceEntries: number;
  readonly clients: number;
  readonly keys: number;
  readonly faults: FaultRates;
}

/** Draws the options of a seed. A seed must give the same options in every version. */
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
    // This draw must stay last, so that the seeds of older versions keep their other draws.
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

/** Returns the options as the settings of a real run, for the trace. */
export function settingsOf(options: SimulationOptions, servers: readonly string[]): RunSettings {
  const { seed, flags, electionTicks, heartbeatTicks } = options;
  return {
    ...{ servers, pace: 'real', preset: 'custom', flags, durability: 'fsync' },
    ...{ electionTicks, heartbeatTicks, seed },
  };
}
