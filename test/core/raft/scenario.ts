/** One random run of the cluster: a seed decides size, flags, faults and workload; faults end, and all must agree. */
import { InvariantError, type Rules } from '../../../src/core/raft/index.ts';
import type { Proposal } from '../../../src/core/raft/input.ts';
import { storeItems } from '../../../src/core/state-machine/index.ts';
import { firstItems } from '../../../src/core/state-machine/sorted-map.ts';
import { Cluster, type Faults, randomOf } from './cluster.ts';
import { Violation } from './invariants.ts';

export interface Outcome {
  readonly elections: number;
  readonly committed: number;
  readonly appliedEntries: number;
}

/** The one command that repeats a seed. */
function repeatCommand(seed: number): string {
  return `RAFT_LAB_SEED=${seed} npx vitest run --config test/vitest.config.ts --project unit test/core/raft/cluster.test.ts`;
}

/**
 * Runs one seed: `rounds` of trouble, then a healed cluster that must elect, commit and agree.
 *
 * @throws Violation with the seed and the command that repeats it
 */
export function runSeed(seed: number, changes: { readonly rules?: Rules; readonly rounds?: number } = {}): Outcome {
  const random = randomOf(seed ^ 0x51ed);
  const among = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const flags = { preVote: random() < 0.5, checkQuorum: random() < 0.5, noop: random() < 0.5 };
  const size = among([1, 2, 3, 3, 3, 4, 5, 5]);
  const cluster = new Cluster({ seed, size, flags, ...(changes.rules === undefined ? {} : { rules: changes.rules }) });
  // Each run arms a random subset, so that rare combinations are not drowned by common ones.
  const faults: Faults = {
    drop: among([0, 0, 0.1, 0.3]),
    duplicate: among([0, 0, 0.15]),
    maxDelay: among([0, 1, 4, 20]),
    crash: among([0, 0.005, 0.02]),
    restart: among([0.03, 0.2]),
    maxWrite: among([0, 0, 1, 4]),
    hang: among([0, 0, 0.01]),
    partition: among([0, 0.02, 0.1]),
  };
  cluster.faults = faults;
  const client = new OneClient(cluster);
  try {
    for (let round = 0; round < (changes.rounds ?? 250); round++) {
      cluster.step();
      client.act();
      addNoise(cluster, round);
    }
    heal(cluster, client);
  } catch (error) {
    if (!(error instanceof Violation || error instanceof InvariantError || error instanceof RangeError)) {
      throw error;
    }
    const sentence = error instanceof Violation ? error.sentence : error.message;
    const property = error instanceof Violation ? error.property : 'Invariant';
    throw new Violation(
      property,
      `${sentence}\n  seed ${seed}, round ${cluster.round}, ${size} servers, ${JSON.stringify({ flags, faults })}\n  repeat: ${repeatCommand(seed)}`,
    );
  }
  const { elections, appliedEntries, committed } = cluster.judge;
  return { elections, appliedEntries, committed: committed.highest };
}

/** Start() commands at random servers, leader or not. */
function addNoise(cluster: Cluster, round: number): void {
  const id = cluster.pick([...cluster.servers.keys()]);
  if (id !== undefined && cluster.chance(0.3)) {
    const command = (count: number): Proposal => ({
      requestId: `n${round}.${count}`,
      content: { type: 'command', session: null, sequence: null, command: round * 10 + count },
    });
    cluster.propose(
      id,
      Array.from({ length: 1 + cluster.upTo(3) }, (_, count) => command(count)),
    );
  }
}

/** Liveness: after healing, one leader within 30 of the shortest election timeouts, a fresh command applied by all, all equal. */
function heal(cluster: Cluster, client: OneClient): void {
  cluster.heal();
  const done = client.done;
  const isSettled = () => {
    const servers = [...cluster.servers.values()];
    const [first] = servers;
    return (
      cluster.leaders().length === 1 &&
      client.done > done + 1 &&
      servers.every(
        ({ state }) => state.lastChain === first?.state.lastChain && state.lastApplied === first?.state.lastApplied,
      )
    );
  };
  for (let round = 0; round < 300 && !isSettled(); round++) {
    cluster.step();
    if (client.done <= done + 1) {
      client.act();
    }
  }
  if (!isSettled()) {
    const states = [...cluster.servers.values()].map(
      ({ config, state }) =>
        `${config.id} ${state.role.name} term ${state.currentTerm} last ${state.lastChain} applied ${state.lastApplied}`,
    );
    throw new Violation('Liveness', `not settled 300 rounds after healing: ${states.join('; ')}`);
  }
  client.learn();
  for (const { machine, config } of cluster.servers.values()) {
    const value = storeItems(machine, 10).find((item) => item.key === 'k')?.value ?? '';
    if (value !== client.expected()) {
      throw new Violation('Exactly once', `${config.id} holds ${value}, the client was told ${client.expected()}`);
    }
  }
}

/** A client with one session that appends 1, 2, 3, … to one key and repeats each number until it is answered. */
class OneClient {
  done = 0;
  private session: number | null = null;
  private sequence = 0;
  private readonly cluster: Cluster;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  /** Learns what was applied, then asks a random server, leader or not. */
  act(): void {
    this.learn();
    const id = this.cluster.pick([...this.cluster.servers.keys()]);
    if (id === undefined || !this.cluster.chance(0.5)) {
      return;
    }
    const { session } = this;
    if (session === null) {
      this.cluster.propose(id, [{ requestId: 'open', content: { type: 'session' } }]);
      return;
    }
    this.sequence = this.done + 1;
    const command = { op: 'append', key: 'k', value: `${this.sequence},` } as const;
    const { sequence } = this;
    this.cluster.propose(id, [{ requestId: `c${sequence}`, content: { type: 'command', session, sequence, command } }]);
  }

  expected(): string {
    return Array.from({ length: this.done }, (_, position) => `${position + 1},`).join('');
  }

  /** Whoever applied the command could have answered: what one server has applied, all will have. */
  learn(): void {
    for (const { machine } of this.cluster.servers.values()) {
      if (this.session === null) {
        this.session = firstItems(machine.sessions, 1)[0]?.[0] ?? null;
      }
      const value = storeItems(machine, 10).find((item) => item.key === 'k')?.value ?? '';
      this.done = Math.max(this.done, value.split(',').length - 1);
    }
  }
}
