/**
 * The fold against the real consensus core: simulated worlds run with every fault, their events are folded, and the view
 * of each server that rests must equal the server's own state.
 */
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { allEntries, termRuns } from '../../../src/core/raft/index.ts';
import { drawOptions } from '../../../src/core/simulation/index.ts';
import type { SimServer } from '../../../src/core/simulation/sim-server.ts';
import { World } from '../../../src/core/simulation/world.ts';
import { emptyView } from '../../../src/core/trace/empty-view.ts';
import { fold } from '../../../src/core/trace/fold.ts';
import type { ClusterView, ServerView } from '../../../src/core/trace/view.ts';

const only = process.env.TRACE_SEED;
const seeds = only === undefined ? Array.from({ length: 40 }, (_, seed) => seed) : [Number(only)];
const STEPS = 2_500;

/** The server's own state, in the view's terms. */
function factsOf({ state, config }: SimServer) {
  const { role } = state;
  const others = config.voters.filter((id) => id !== config.id);
  const leaderId = role.name === 'follower' ? role.leaderId : role.name === 'leader' ? config.id : null;
  const progress =
    role.name === 'leader'
      ? Object.fromEntries(others.map((id) => [id, pick(role.progress[id], ['matchIndex', 'state'])]))
      : {};
  return {
    role: role.name,
    term: state.currentTerm,
    votedFor: state.votedFor,
    leaderId,
    log: termRuns(allEntries(state.log)),
    lastIndex: allEntries(state.log).length,
    chain: state.lastChain,
    durableIndex: state.durable.index,
    commitIndex: state.commitIndex,
    votes: role.name === 'candidate' || role.name === 'pre-candidate' ? role.votes : {},
    progress,
    timeout: role.name === 'leader' ? null : state.electionTimeout,
  };
}

function pick<Value extends object>(value: Value | undefined, keys: readonly (keyof Value)[]) {
  return Object.fromEntries(keys.map((key) => [key, value?.[key]]));
}

function shownOf(server: ServerView | undefined) {
  if (server === undefined) throw new Error('a server is not in the view');
  const { role, term, votedFor, leaderId, log, lastIndex, chain, durableIndex, commitIndex, votes } = server;
  // nextIndex advances with every message sent, but an event reports it only with the next reply.
  const known = Object.entries(server.progress).map(([id, one]) => [id, pick(one, ['matchIndex', 'state'])]);
  const progress = Object.fromEntries(known);
  const timeout = server.timer?.timeoutTicks ?? null;
  return { role, term, votedFor, leaderId, log, lastIndex, chain, durableIndex, commitIndex, votes, progress, timeout };
}

/** The command that repeats one seed. */
const repeat = (seed: number): string =>
  `TRACE_SEED=${seed} npx vitest run --config test/vitest.config.ts test/core/trace/real-core.test.ts`;

test.each(seeds)('fold: seed %i → the view of each resting server equals its own state', (seed) => {
  let view: ClusterView = emptyView;
  const options = { ...drawOptions(seed), servers: 5 };
  const world = new World({ options, onEvent: (event) => (view = fold(view, event)) });
  /** State and view of each server when they were last found equal. */
  const equal = new Map<string, readonly [state: SimServer['state'], shown: ServerView | undefined]>();
  let compared = 0;
  let committed = 0;
  for (let step = 0; step < STEPS; step += 1) {
    world.step();
    for (const server of world.servers.values()) {
      if (server.isDead || server.isFrozen || !server.rests) continue;
      compared += 1;
      committed = Math.max(committed, server.state.commitIndex);
      const shown = view.servers[server.id];
      const [state, shownBefore] = equal.get(server.id) ?? [];
      // Both are immutable, so the same two objects need no second comparison.
      if (state === server.state && shownBefore === shown) continue;
      const [actual, expected] = [shownOf(shown), factsOf(server)];
      // `expect` takes ten times as long, and there are some 100,000 comparisons: it only words a difference.
      if (!isDeepStrictEqual(actual, expected)) {
        expect({ seed, step, server: server.id, ...actual }, repeat(seed)).toEqual({
          ...{ seed, step, server: server.id },
          ...expected,
        });
      }
      equal.set(server.id, [server.state, shown]);
    }
  }
  expect(compared, repeat(seed)).toBeGreaterThan(STEPS);
  // Elections that began; not every one is won.
  expect(view.counts.elections, repeat(seed)).toBeGreaterThanOrEqual(world.counts.elections);
  // A server that does not rest may have reported more.
  expect(view.commitIndex, repeat(seed)).toBeGreaterThanOrEqual(committed);
});
