/**
 * The start of a server's life, from the state on disk or from an empty disk. A server always starts as a follower
 * (rule E7).
 */
import { GENESIS_CHAIN } from './chain.ts';
import type { RaftConfig } from './config.ts';
import { assertInvariant } from './invariant.ts';
import { lastEntryId, logOf, termRuns } from './log.ts';
import { emptyReady } from './merge-ready.ts';
import { seedWord } from './random.ts';
import type { RaftState, RestoredState } from './state.ts';
import type { Stepped } from './step.ts';
import { drawTimeout } from './timer.ts';

/**
 * Returns the first state of a life. No entry is known to be committed yet: the leader will report its commitIndex, and
 * the state machine is rebuilt from entry 1.
 *
 * @param held what the disk held; null for an empty disk
 * @param seed any integer; with the server's id, term and log it decides the election timeouts
 * @returns the state, and a Ready that only holds the events StateRestored and ElectionTimerReset
 * @throws InvariantError when entries do not run 1, 2, 3, …, terms fall, or an entry's term exceeds currentTerm
 */
export function restore(config: RaftConfig, held: RestoredState | null, seed: number): Stepped {
  const { id, voters, rules } = config;
  assertInvariant(voters.includes(id), () => `${id} is not one of the voters ${voters.join(', ')}`);
  const restored = rules.restoredState(held);
  const entries = restored?.entries ?? [];
  const currentTerm = restored?.currentTerm ?? 0;
  const votedFor = restored?.votedFor ?? null;
  const log = logOf(entries);
  const last = lastEntryId(log);
  assertInvariant(
    last.term <= currentTerm,
    () => `entry ${last.index} has term ${last.term}, above currentTerm ${currentTerm}`,
  );
  const word = seedWord(seed, [id, currentTerm, last.index]);
  const { timeoutTicks, random } = drawTimeout(config, word);
  const chain = entries.at(-1)?.chain ?? GENESIS_CHAIN;
  const state: RaftState = {
    id,
    currentTerm,
    votedFor,
    log,
    durable: { ...last, currentTerm, votedFor },
    lastChain: chain,
    commitIndex: 0,
    lastApplied: 0,
    role: rules.restoredRole(restored),
    electionElapsed: 0,
    electionTimeout: timeoutTicks,
    random,
  };
  const runs = termRuns(entries);
  const reason = restored === null ? 'started' : 'restarted';
  return {
    state,
    ready: {
      ...emptyReady(),
      events: [
        { event: 'StateRestored', term: currentTerm, votedFor, lastIndex: last.index, chain, runs },
        { event: 'ElectionTimerReset', term: currentTerm, timeoutTicks, reason },
      ],
    },
  };
}
