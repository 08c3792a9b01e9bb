/** A cluster that does what a test says, with a clock of its own: a sleep takes no time but moves it. */
import type { BothLanguages } from '../../src/core/trace/index.ts';
import type { Hands, Told } from '../../src/play/hands.ts';

export interface FakeHands extends Hands {
  /** Every order in the order it came, `kill S1`. */
  readonly orders: string[];
  readonly told: Map<string, Told>;
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

export function fakeHands(count = 3): FakeHands {
  let now = 0;
  const noted = (what: string) => async (servers: readonly string[]) => {
    hands.orders.push(`${what} ${servers.join(' ')}`);
  };
  const hands: FakeHands = {
    servers: Array.from({ length: count }, (_, at) => `S${at + 1}`),
    orders: [],
    told: new Map(),
    dead: new Set(),
    log: new Map(),
    answer: () => ({ accepted: false, index: -1, term: -1 }),
    clash: null,
    onTime: () => undefined,
    start: async (server, value) => {
      hands.orders.push(`Start ${server} ${value}`);
      return hands.answer(server, value);
    },
    state: async (server) => hands.told.get(server) ?? null,
    isAlive: (server) => !hands.dead.has(server),
    isUp: (server) => !hands.dead.has(server),
    kill: async (servers) => {
      await noted('kill')(servers);
      for (const server of servers) hands.dead.add(server);
    },
    restart: async (servers) => {
      await noted('restart')(servers);
      for (const server of servers) hands.dead.delete(server);
    },
    spawn: async (servers) => {
      await noted('spawn')(servers);
      for (const server of servers) hands.dead.delete(server);
    },
    killInWrite: noted('killInWrite'),
    torn: () => 2,
    freeze: noted('freeze'),
    resume: noted('resume'),
    groups: async (groups) => {
      hands.orders.push(groups === null ? 'whole' : `groups ${groups.map((group) => group.join('+')).join(' ')}`);
    },
    links: async (links, policy) => {
      hands.orders.push(`links ${links.join(' ')} ${policy.mode}`);
    },
    cutClients: noted('cutClients'),
    network: async (is) => {
      hands.orders.push(`network ${is}`);
    },
    heal: async (what) => {
      hands.orders.push(`heal ${what}`);
    },
    checkFiles: async () => {
      hands.orders.push('checkFiles');
    },
    submit: async (command) => {
      hands.orders.push(`submit ${command.op} ${command.key}`);
    },
    clients: async (count, isOn) => {
      hands.orders.push(`clients ${count}`);
      while (isOn()) await hands.sleep(10);
      hands.orders.push('clients ended');
    },
    nemesis: async (perMinute) => {
      hands.orders.push(`nemesis ${perMinute}`);
    },
    applied: (index) => hands.log.get(index) ?? { count: 0, values: [] },
    conflict: () => hands.clash,
    rpcs: async () => 7,
    leader: () =>
      [...hands.told].find(([, told]) => told.isLeader) === undefined
        ? 0
        : Number([...hands.told].find(([, told]) => told.isLeader)?.[0].slice(1)),
    nowMs: () => now,
    assertGoesOn: () => undefined,
    sleep: async (ms) => {
      now += ms;
      hands.onTime(now);
      await Promise.resolve();
    },
  };
  return hands;
}
