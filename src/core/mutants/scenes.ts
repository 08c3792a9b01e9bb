/**
 * Worlds made for mutants that random ones meet too seldom: what the disks hold at the beginning, and what happens. The
 * unmutated core must be clean in each of them.
 */
import { chainOf, GENESIS_CHAIN } from '../raft/index.ts';
import type { RestoredState } from '../raft/state.ts';
import { CALM, drawOptions, type SimulationOptions } from '../simulation/index.ts';
import type { LogEntry } from '../vocabulary/index.ts';

/** A world for each seed. */
export interface Scene {
  readonly options: SimulationOptions;
  readonly disks: Readonly<Record<string, RestoredState>>;
}

/** Their names, with what they show. */
export type SceneName =
  /**
   * A follower holds a long tail of a leader that never committed it; two others hold another log of a higher term. The
   * place where the logs meet is passed by empty heartbeats before the tail is cut.
   */
  'stale-suffix';

/** @param seed  decides timing, losses and who leads */
export function sceneOf(name: SceneName, seed: number): Scene {
  switch (name) {
    case 'stale-suffix': {
      const majority = diskOf([1, 1, 1, 3, 3, 3, 3]);
      const faults = { ...CALM, drop: 0.35, delayUs: 30_000 };
      const options = {
        ...drawOptions(seed),
        servers: 3,
        heartbeatTicks: 2,
        electionTicks: 16,
        maxInFlight: 1,
        faults,
      };
      return { options, disks: { S1: majority, S2: majority, S3: diskOf([1, 1, 1, ...Array<number>(40).fill(2)]) } };
    }
  }
}

/** A disk whose log has entries of these terms. */
function diskOf(terms: readonly number[]): RestoredState {
  let chain = GENESIS_CHAIN;
  const entries = terms.map((term, at): LogEntry => {
    const wire = { type: 'noop', index: at + 1, term } as const;
    chain = chainOf(chain, wire);
    return { ...wire, chain };
  });
  return { currentTerm: 3, votedFor: null, entries };
}
