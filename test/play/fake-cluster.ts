/** A cluster that does what a test says, with a clock of its own: a sleep takes no time but moves it. */
import type { BothLanguages } from '../../src/core/trace/index.ts';
import type { ClusterDriver, ReportedState } from '../../src/play/cluster-driver.ts';

export interface FakeCluster extends ClusterDriver {
  /** Every order in the order it came, `kill S1`. */
  readonly actions: string[];
  readonly states: Map<string, ReportedState>;
  readonly dead: Set<string>;
  /** The entry of each index, and the number of servers that hold it. */
  readonly log: Map<number, { count: number; values: readonly number[] }>;
  /** The answer of Start on a server. */
  answer: (server: string, value: number) => { accepted: boolean; index: number; term: number };
  /** The entries that two servers applied differently. */
  clash: BothLanguages | null;
  /** Called whenever the clock moves. */
  onTime: (nowMs: number) => void;
}

export function fakeCluster(count = 3): FakeCluster {
  let now = 0;
  const noted = (what: string) => async (servers: readonly string[]) => {
    cluster.actions.push(`${what} ${servers.join(' ')}`);
  };
  const cluster: FakeCluster = {
    servers: Array.from({ length: count }, (_, at) => `S${at + 1}`),
    actions: [],
    states: new Map(),
    dead: new Set(),
    log: new Map(),
    answer: () => ({ accepted: false, index: -1, term: -1 }),
    clash: null,
    onTime: () => undefined,
    start: async (server, value) => {
      cluster.actions.push(`Start ${server} ${value}`);
      return cluster.answer(server, value);
    },
    state: async (server) => cluster.states.get(server) ?? null,
    isAlive: (server) => !cluster.dead.has(server),
    isUp: (server) => !cluster.dead.has(server),
    kill: async (servers) => {
      await noted('kill')(servers);
      for (const server of servers) cluster.dead.add(server);
    },
    restart: async (servers) => {
      await noted('restart')(servers);
      for (const server of servers) cluster.dead.delete(server);
    },
    spawn: async (servers) => {
      await noted('spawn')(servers);
      for (const server of servers) cluster.dead.delete(server);
    },
    killInWrite: noted('killInWrite'),
    torn: () => 2,
    freeze: noted('freeze'),
    resume: noted('resume'),
    groups: async (groups) => {
      cluster.actions.push(groups === null ? 'whole' : `groups ${groups.map((group) => group.join('+')).join(' ')}`);
    },
    links: async (links, policy) => {
      cluster.actions.push(`links ${links.join(' ')} ${policy.mode}`);
    },
    cutClients: noted('cutClients'),
    network: async (is) => {
      cluster.actions.push(`network ${is}`);
    },
    heal: async (what) => {
      cluster.actions.push(`heal ${what}`);
    },
    checkFiles: async () => {
      cluster.actions.push('checkFiles');
    },
    submit: async (command) => {
      cluster.actions.push(`submit ${command.op} ${command.key}`);
    },
    clients: async (count, isOn) => {
      cluster.actions.push(`clients ${count}`);
      while (isOn()) await cluster.sleep(10);
      cluster.actions.push('clients ended');
    },
    nemesis: async (perMinute) => {
      cluster.actions.push(`nemesis ${perMinute}`);
    },
    applied: (index) => cluster.log.get(index) ?? { count: 0, values: [] },
    conflict: () => cluster.clash,
    rpcs: async () => 7,
    leader: () =>
      [...cluster.states].find(([, states]) => states.isLeader) === undefined
        ? 0
        : Number([...cluster.states].find(([, states]) => states.isLeader)?.[0].slice(1)),
    nowMs: () => now,
    assertGoesOn: () => undefined,
    sleep: async (ms) => {
      now += ms;
      cluster.onTime(now);
      await Promise.resolve();
    },
  };
  return cluster;
}
