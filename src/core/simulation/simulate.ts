/**
 * The run of one seed, in two phases. The first phase checks safety under faults for a given number of steps. The
 * second ends the faults, keeps a random connected majority and checks liveness: a leader within ten election timeouts,
 * new commands that succeed, equal logs, and no acknowledged command lost.
 */
import type { Verdict } from '../check/index.ts';
import type { Rules } from '../raft/index.ts';
import { lastIndex } from '../raft/index.ts';
import type { RestoredState } from '../raft/state.ts';
import type { TraceEvent } from '../trace/index.ts';
import { createChance } from '../wire/index.ts';
import { Broken, type SimulatedProperty } from './broken.ts';
import type { FaultName } from './faults.ts';
import { drawOptions, type SimulationOptions } from './options.ts';
import { World } from './world.ts';

/** Result of a run; `broken` is null when every property held. Times are simulated. */
export interface SimulationResult {
  readonly seed: number;
  readonly broken: { readonly property: SimulatedProperty; readonly sentence: string; readonly step: number } | null;
  readonly steps: number;
  readonly events: number;
  readonly seconds: number;
  readonly elections: number;
  readonly commits: number;
  readonly restarts: number;
  readonly acknowledged: number;
  readonly fired: Readonly<Record<FaultName, number>>;
  readonly verdicts: readonly Verdict[];
}

export interface SimulateOptions {
  readonly seed: number;
  /** Number of steps of the safety phase. */
  readonly steps: number;
  readonly rules?: Rules;
  /** Options that replace those drawn from the seed. */
  readonly options?: SimulationOptions;
  readonly onEvent?: (event: TraceEvent) => void;
  /** Initial contents of the disks. */
  readonly disks?: Readonly<Record<string, RestoredState>>;
}

const TICK_US = 10_000;
/** Time limits of the liveness phase, in longest election timeouts (2T). */
const LEADER_WITHIN = 10;
const WRITE_WITHIN = 20;
/** How long a leader must keep leading without faults, in longest election timeouts (2T). */
const STABLE_FOR = 5;

/** Runs a seed. It never throws because of the servers' behaviour. */
export function simulate(asked: SimulateOptions): SimulationResult {
  const { seed, steps, rules, onEvent, disks } = asked;
  const options = asked.options ?? drawOptions(seed);
  const world = new World({ options, onEvent, disks, ...(rules === undefined ? {} : { rules }) });
  let broken: SimulationResult['broken'] = null;
  try {
    for (let step = 0; step < steps; step += 1) world.step();
    liveness(world, options);
    world.recorder.finish();
  } catch (cause) {
    if (!(cause instanceof Broken)) throw cause;
    broken = { property: cause.property, sentence: cause.message, step: world.counts.steps };
  }
  const verdicts = world.recorder.judge.verdicts();
  const { elections, commits, restarts } = world.counts;
  return {
    ...{ seed, broken, steps: world.counts.steps, events: world.recorder.events, seconds: world.nowUs / 1e6 },
    ...{ elections, commits, restarts, fired: world.fired, verdicts },
    acknowledged: world.clients.reduce((sum, { done }) => sum + done, 0),
  };
}

/**
 * Checks the liveness phase.
 *
 * @throws Broken
 */
function liveness(world: World, { seed, electionTicks, flags }: SimulationOptions): void {
  const chance = createChance(seed, 'who survives');
  const size = Math.floor(world.ids.length / 2) + 1;
  const extra = Math.floor(chance() * (world.ids.length - size + 1));
  const survivors = [...world.ids]
    .map((id) => ({ id, rank: chance() }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, size + extra)
    .map(({ id }) => id)
    .sort();
  world.calm(survivors);
  const timeoutUs = 2 * electionTicks * TICK_US;
  const isLed = (): boolean => {
    const [first] = world.leaders();
    const followers = survivors.filter((id) => {
      const { role, currentTerm } = world.servers.get(id)?.state ?? { role: { name: 'follower', leaderId: null } };
      return role.name === 'follower' && role.leaderId === first?.id && currentTerm === first.state.currentTerm;
    });
    return first !== undefined && followers.length === survivors.length - 1;
  };
  until(world, LEADER_WITHIN * timeoutUs, isLed, 'liveness-leader');
  const before = world.clients.map(({ done }) => done);
  // Each client must complete two commands.
  const isServed = (): boolean => world.clients.every(({ done }, at) => done >= (before[at] ?? 0) + 2);
  until(world, WRITE_WITHIN * timeoutUs + 20_000_000, isServed, 'liveness-write');
  for (const client of world.clients) client.rest();
  const areEqual = (): boolean => {
    const servers = survivors.map((id) => world.servers.get(id));
    const [first] = servers;
    return servers.every(
      (server) =>
        server !== undefined &&
        server.state.lastChain === first?.state.lastChain &&
        server.state.commitIndex === lastIndex(server.state.log) &&
        server.machine.lastApplied === server.state.commitIndex,
    );
  };
  const isDone = (): boolean => world.clients.every(({ isIdle }) => isIdle) && areEqual();
  until(world, WRITE_WITHIN * timeoutUs + 20_000_000, isDone, 'liveness-equal-logs');
  stability(world, timeoutUs);
  if (flags.checkQuorum) quorumContact(world, timeoutUs);
}

/**
 * Checks that the leader keeps leading its term while no fault occurs.
 *
 * @throws Broken
 */
function stability(world: World, timeoutUs: number): void {
  const [leader] = world.leaders();
  const term = leader?.state.currentTerm ?? 0;
  passes(world, STABLE_FOR * timeoutUs);
  const [now] = world.leaders();
  if (now !== undefined && now.id === leader?.id && now.state.currentTerm === term) return;
  const what = `${leader?.id} led term ${term}; in a calm network ${now?.id ?? 'nobody'} leads term ${now?.state.currentTerm}`;
  throw new Broken('liveness-stable', `${what} ${(STABLE_FOR * timeoutUs) / 1e6} s later`);
}

/**
 * Checks that a leader cut off from all others steps down.
 *
 * @throws Broken
 */
function quorumContact(world: World, timeoutUs: number): void {
  const [leader] = world.leaders();
  if (leader === undefined || world.ids.length === 1) return;
  const { id, state } = leader;
  world.isolate(id);
  passes(world, 3 * timeoutUs);
  const now = world.servers.get(id)?.state;
  if (now?.role.name !== 'leader' || now.currentTerm !== state.currentTerm) return;
  throw new Broken(
    'quorum-contact',
    `${id} leads term ${now.currentTerm} on, ${(3 * timeoutUs) / 1e6} s after it was cut off`,
  );
}

function passes(world: World, us: number): void {
  const endUs = world.nowUs + us;
  while (world.nowUs < endUs && !world.isOver) world.step();
}

/**
 * Runs the world until `holds` returns true.
 *
 * @throws Broken when it does not within `withinUs`
 */
function until(world: World, withinUs: number, holds: () => boolean, property: SimulatedProperty): void {
  const endUs = world.nowUs + withinUs;
  while (!holds()) {
    if (world.nowUs > endUs || world.isOver) {
      const states = [...world.servers.values()]
        .filter(({ isDead }) => !isDead)
        .map(
          ({ id, state }) =>
            `${id} ${state.role.name} of term ${state.currentTerm}, ${state.commitIndex}/${lastIndex(state.log)}`,
        );
      throw new Broken(property, `not within ${withinUs / 1e6} s: ${states.join('; ')}`);
    }
    world.step();
  }
}
