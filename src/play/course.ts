/**
 * The helpers of the course's tests with their polling and their limits, after the description of those tests
 * (docs/scenarios.md). Start and state queries bypass the network. Disconnecting a server drops all its messages. A
 * crash is SIGKILL.
 */
import { ScenarioMistake } from '../core/scenario/index.ts';
import type { ServerId } from '../core/wire/index.ts';
import type { ClusterDriver, ReportedState, Started } from './cluster-driver.ts';
import { ScenarioFailure } from './failure.ts';

const AGREE_WITHIN_MS = 10_000;
const APPLY_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 20;
const NOBODY_LEADS_MS = 50;
const LEADER_ROUNDS = 10;
const LEADER_ROUND_MS = 500;
const WAIT_POLLS = 30;
const WAIT_FIRST_MS = 10;
const WAIT_LONGEST_MS = 1_000;

/** A server that has a process, and the state it reports; null without an answer. */
interface Stated {
  readonly server: number;
  readonly state: ReportedState | null;
}

/** The tester's own state: which servers are connected. */
export class Course {
  readonly #cluster: ClusterDriver;
  readonly #disconnected = new Set<number>();

  constructor(cluster: ClusterDriver) {
    this.#cluster = cluster;
  }

  /** Returns the id of a server by number. Numbers wrap around: the one after the last is the first. */
  idOf(server: number): ServerId {
    const { servers } = this.#cluster;
    return servers[this.numberOf(server) - 1] ?? '';
  }

  /** Returns the number of a server, 1 … n, with the same wrap-around. */
  numberOf(server: number): number {
    const { length } = this.#cluster.servers;
    if (!Number.isSafeInteger(server)) throw new ScenarioMistake(`${server} is no server`);
    return ((((server - 1) % length) + length) % length) + 1;
  }

  isConnected(server: number): boolean {
    return !this.#disconnected.has(this.numberOf(server));
  }

  async connect(servers: readonly number[]): Promise<void> {
    for (const server of servers) this.#disconnected.delete(this.numberOf(server));
    await this.#separate();
  }

  async disconnect(servers: readonly number[]): Promise<void> {
    for (const server of servers) this.#disconnected.add(this.numberOf(server));
    await this.#separate();
  }

  /** Counts every server as connected again, because another step has healed everything. */
  forget(): void {
    this.#disconnected.clear();
  }

  /** Disconnects servers, kills them with SIGKILL and waits until they are gone. */
  async crash1(servers: readonly number[]): Promise<void> {
    await this.disconnect(servers);
    const alive = this.#idsOf(servers).filter(this.#cluster.isAlive);
    if (alive.length > 0) await this.#cluster.act('kill', { servers: alive });
  }

  /**
   * Crashes servers, then starts new processes on the same files, still disconnected. Like the course's helper, it does
   * not wait until they are ready.
   */
  async start1(servers: readonly number[]): Promise<void> {
    await this.crash1(servers);
    await this.#cluster.spawn(this.#idsOf(servers));
  }

  /**
   * Calls Start(value) at once on each of these servers that is alive.
   *
   * @returns the answers in the order of the servers
   */
  async start(servers: readonly number[], value: number): Promise<readonly Started[]> {
    const alive = servers.map((server) => this.numberOf(server)).filter((server) => this.#isAlive(server));
    return await Promise.all(
      alive.map(async (server) => ({ server, ...(await this.#cluster.start(this.idOf(server), value)) })),
    );
  }

  /** Counts the servers that applied an index. @throws ScenarioFailure when their values differ */
  nCommitted(index: number): { readonly count: number; readonly value: number } {
    const conflict = this.#cluster.conflict();
    if (conflict !== null) throw new ScenarioFailure('violated', conflict);
    const { count, values } = this.#cluster.applied(index);
    if (values.length > 1) {
      throw new ScenarioFailure('violated', {
        en: `committed values at index ${index} differ: ${values.join(', ')}`,
        zh: `索引 ${index} 上提交的值不同：${values.join(', ')}`,
      });
    }
    return { count, value: values[0] ?? -1 };
  }

  /** Submits the value until this number of servers have applied it at one index. @returns the index */
  async one(value: number, servers: number): Promise<number> {
    const { nowMs, sleep } = this.#cluster;
    const began = nowMs();
    let next = 0;
    while (nowMs() - began < AGREE_WITHIN_MS) {
      let index = -1;
      for (let asked = 0; asked < this.#cluster.servers.length && index < 0; asked += 1) {
        next = (next + 1) % this.#cluster.servers.length;
        const server = next + 1;
        if (!this.isConnected(server) || !this.#isAlive(server)) continue;
        const answer = await this.#cluster.start(this.idOf(server), value);
        if (answer.accepted) index = answer.index;
      }
      if (index < 0) await sleep(NOBODY_LEADS_MS);
      else if (await this.#isAgreed(index, value, servers)) return index;
    }
    throw new ScenarioFailure('violated', {
      en: `one(${value}) did not reach agreement on ${servers} servers in 10 s`,
      zh: `one(${value}) 在 10 秒内没有在 ${servers} 台服务器上达成一致`,
    });
  }

  /**
   * Waits for a leader among the connected servers.
   *
   * @returns the number of the leader of the newest term
   * @throws ScenarioFailure violated when two servers lead in one term, or when no server leads in time
   */
  async checkOneLeader(): Promise<number> {
    let silent: readonly number[] = [];
    for (let round = 0; round < LEADER_ROUNDS; round += 1) {
      await this.#cluster.sleep(LEADER_ROUND_MS);
      const states = await this.#states(this.#connected());
      silent = this.#silentOf(states);
      const leaders = states.filter(({ state }) => state?.isLeader === true);
      const terms = leaders.map(({ state }) => state?.term ?? 0);
      const twice = terms.find((term, at) => terms.indexOf(term) !== at);
      if (twice !== undefined)
        throw new ScenarioFailure('violated', {
          en: `term ${twice} has more than one leader`,
          zh: `任期 ${twice} 有多个领袖`,
        });
      const newest = leaders.find(({ state }) => state?.term === Math.max(...terms));
      if (newest !== undefined) return newest.server;
    }
    this.#wantAnswerOf(silent);
    throw new ScenarioFailure('violated', {
      en: 'expected one leader, got none within 5 s',
      zh: '应有一个领袖，5 秒内没有出现',
    });
  }

  /** Checks that all connected servers agree on the term. @returns the term; -1 while no term has begun */
  async checkTerms(): Promise<number> {
    const states = await this.#states(this.#connected());
    const terms = [...new Set(states.flatMap(({ state }) => state?.term ?? []))];
    if (terms.length > 1)
      throw new ScenarioFailure('violated', {
        en: `servers disagree on the term: ${terms.join(', ')}`,
        zh: `服务器的任期不一致：${terms.join(', ')}`,
      });
    this.#wantEvidence(states);
    return terms[0] ?? -1;
  }

  /** Returns the terms of all servers that are alive and answer. */
  async terms(): Promise<readonly number[]> {
    const states = await this.#states(this.#everybody());
    return states.flatMap(({ state }) => state?.term ?? []);
  }

  async checkNoLeader(): Promise<void> {
    const states = await this.#states(this.#connected());
    const leader = states.find(({ state }) => state?.isLeader === true);
    if (leader !== undefined) {
      throw new ScenarioFailure('violated', {
        en: `expected no leader, but ${this.idOf(leader.server)} claims to be one`,
        zh: `不应有领袖，但 ${this.idOf(leader.server)} 自称领袖`,
      });
    }
    this.#wantEvidence(states);
  }

  /**
   * Waits until a number of servers have applied an index, for about 31 s at most.
   *
   * @param term  -1, or the term in which the value was accepted. When a server is past that term, the value may never
   * commit
   * @returns the value, or -1
   */
  async wait(index: number, servers: number, term: number): Promise<number> {
    let pauseMs = WAIT_FIRST_MS;
    for (let poll = 0; poll < WAIT_POLLS; poll += 1) {
      if (this.nCommitted(index).count >= servers) break;
      await this.#cluster.sleep(pauseMs);
      if (pauseMs < WAIT_LONGEST_MS) pauseMs *= 2;
      if (term > -1) {
        const states = await this.#states(this.#everybody());
        if (states.some(({ state }) => (state?.term ?? 0) > term)) return -1;
      }
    }
    const { count, value } = this.nCommitted(index);
    if (count >= servers) return value;
    throw new ScenarioFailure('violated', {
      en: `only ${count} servers decided index ${index}, wanted ${servers}`,
      zh: `只有 ${count} 台服务器确定了索引 ${index}，需要 ${servers} 台`,
    });
  }

  async #isAgreed(index: number, value: number, servers: number): Promise<boolean> {
    const { nowMs, sleep } = this.#cluster;
    const began = nowMs();
    while (nowMs() - began < APPLY_WITHIN_MS) {
      const committed = this.nCommitted(index);
      if (committed.count > 0 && committed.count >= servers && committed.value === value) return true;
      await sleep(LOOK_EVERY_MS);
    }
    return false;
  }

  /** Returns the ids of servers without repetitions. */
  #idsOf(servers: readonly number[]): readonly ServerId[] {
    return [...new Set(servers.map((server) => this.idOf(server)))];
  }

  #everybody(): readonly number[] {
    return this.#cluster.servers.map((_, at) => at + 1);
  }

  #connected(): readonly number[] {
    return this.#everybody().filter((server) => this.isConnected(server));
  }

  #isAlive(server: number): boolean {
    return this.#cluster.isAlive(this.idOf(server));
  }

  /**
   * Requires evidence.
   *
   * @throws ScenarioFailure unknown when a server that is up did not answer, or when no connected server is up
   */
  #wantEvidence(states: readonly Stated[]): void {
    this.#wantAnswerOf(this.#silentOf(states));
    if (states.some(({ state }) => state !== null)) return;
    throw new ScenarioFailure('unknown', {
      en: 'no connected server is up, so there is nothing to look at',
      zh: '没有已连接且运行的服务器，无从查看',
    });
  }

  #wantAnswerOf(silent: readonly number[]): void {
    if (silent.length === 0) return;
    const names = silent.map((server) => this.idOf(server)).join(', ');
    throw new ScenarioFailure('unknown', {
      en: `${names} did not answer, so nobody knows what it believes`,
      zh: `${names} 没有回答，无法知道它的状态`,
    });
  }

  /**
   * Returns the servers that are up and do not answer. A server that still boots has no role yet and is not among them.
   */
  #silentOf(states: readonly Stated[]): readonly number[] {
    return states.flatMap(({ server, state }) =>
      state === null && this.#cluster.isUp(this.idOf(server)) ? [server] : [],
    );
  }

  async #states(servers: readonly number[]): Promise<readonly Stated[]> {
    return await Promise.all(
      servers
        .filter((server) => this.#isAlive(server))
        .map(async (server) => ({ server, state: await this.#cluster.state(this.idOf(server)) })),
    );
  }

  /** Puts the connected servers into one group and each other server into its own. */
  async #separate(): Promise<void> {
    const connected = this.#connected().map((server) => this.idOf(server));
    const apart = [...this.#disconnected].map((server) => [this.idOf(server)]);
    const groups = apart.length === 0 ? [] : [connected, ...apart].filter((group) => group.length > 0);
    await this.#cluster.act('partition', { groups });
  }
}
