/** A cluster that answers as the test sets, with a clock of its own: a sleep moves the clock and takes no real time. */
import { type ActionName, type Answer, parseAsk } from '../../src/core/actions/index.ts';
import { type BothLanguages, describeCommand } from '../../src/core/trace/index.ts';
import type { ClusterDriver, ReportedState } from '../../src/play/cluster-driver.ts';

export interface FakeCluster extends ClusterDriver {
  /** Every action and Start in the order of its arrival, such as `kill S1`. */
  readonly actions: string[];
  /** The answers to actions; a test sets those that its scenario uses. */
  readonly answers: { [Name in ActionName]?: Answer<Name> };
  readonly states: Map<string, ReportedState>;
  readonly dead: Set<string>;
  /** The entry of each index, and the number of servers that hold it. */
  readonly log: Map<number, { count: number; values: readonly number[] }>;
  /** The answer of Start on a server. */
  answer: (server: string, value: number) => { accepted: boolean; index: number; term: number };
  /** The proof that two servers applied different entries; null without one. */
  clash: BothLanguages | null;
  /** Called whenever the clock moves. */
  onTime: (nowMs: number) => void;
}

export function fakeCluster(count = 3): FakeCluster {
  let now = 0;
  const cluster: FakeCluster = {
    servers: Array.from({ length: count }, (_, at) => `S${at + 1}`),
    actions: [],
    answers: {},
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
    act: async (name, ask) => {
      const parsed = parseAsk(name, ask);
      if (!parsed.ok) throw new Error(parsed.detail);
      cluster.actions.push([name, ...shownAsk(ask)].join(' '));
      const servers = 'servers' in ask ? ask.servers : [];
      if (name === 'kill') for (const server of servers) cluster.dead.add(server);
      if (name === 'restart') for (const server of servers) cluster.dead.delete(server);
      return (cluster.answers[name] ?? {}) as Answer<typeof name>;
    },
    spawn: async (servers) => {
      cluster.actions.push(`spawn ${servers.join(' ')}`);
      for (const server of servers) cluster.dead.delete(server);
    },
    torn: () => 2,
    checkFiles: async () => {
      cluster.actions.push('checkFiles');
    },
    clients: async (count, isOn) => {
      cluster.actions.push(`clients ${count}`);
      while (isOn()) await cluster.sleep(10);
      cluster.actions.push('clients ended');
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

/** The fields of an ask in short form: `S1 S2`, `S1+S2 S3`, `perMinute=40`. */
function shownAsk(ask: object): readonly string[] {
  return Object.entries(ask).map(([name, value]) => {
    if (name === 'groups') return value.map((group: readonly string[]) => group.join('+')).join(' ');
    if (Array.isArray(value)) return value.join(' ');
    if (name === 'policy') return value.mode === 'shape' ? JSON.stringify(value.requests) : value.mode;
    return `${name}=${name === 'command' ? describeCommand(value) : value}`;
  });
}
