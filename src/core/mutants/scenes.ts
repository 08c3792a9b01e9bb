/**
 * Scenes for mutants whose situation random worlds rarely reach: the initial contents of the disks, and the options of
 * the run. The correct rules must break no property in any of them.
 */
import { chainOf, GENESIS_CHAIN } from '../raft/index.ts';
import type { RestoredState } from '../raft/state.ts';
import { CALM, drawOptions, type SimulationOptions } from '../simulation/index.ts';
import type { LogEntry } from '../vocabulary/index.ts';

/** A scene: the same disks for every seed, with the seed's own timing. */
export interface Scene {
  readonly options: SimulationOptions;
  readonly disks: Readonly<Record<string, RestoredState>>;
}

/** Names of the scenes. */
export type SceneName =
  /**
   * A follower has a long suffix from a leader that never committed it, while two others have another log with a higher
   * term. Empty heartbeats pass the index at which the logs diverge before the suffix is truncated.
   */
  'stale-suffix';

/**
 * Returns a scene.
 *
 * @param seed  decides timing, losses and the leader
 */
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

/** Returns a disk whose log has entries of these terms. */
function diskOf(terms: readonly number[]): RestoredState {
  let chain = GENESIS_CHAIN;
  const entries = terms.map((term, at): LogEntry => {
    const wire = { type: 'noop', index: at + 1, term } as const;
    chain = chainOf(chain, wire);
    return { ...wire, chain };
  });
  return { currentTerm: 3, votedFor: null, entries };
}
