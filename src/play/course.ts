/**
 * The course's helpers with their polling and their limits, from the description of its tests (docs/scenarios.md). Start
 * and state queries bypass the network; disconnecting is a black hole around one server; a crash is SIGKILL.
 */
import { ScenarioMistake } from '../core/scenario/index.ts';
import type { ServerId } from '../core/wire/index.ts';
import { ScenarioFailure } from './failure.ts';
import type { Hands, Started, Told } from './hands.ts';

const AGREE_WITHIN_MS = 10_000;
const APPLY_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 20;
const NOBODY_LEADS_MS = 50;
const LEADER_ROUNDS = 10;
const LEADER_ROUND_MS = 500;
const WAIT_POLLS = 30;
const WAIT_FIRST_MS = 10;
const WAIT_LONGEST_MS = 1_000;

/** A server that has a process, and what it says of itself; null: nothing. */
interface Stated {
  readonly server: number;
  readonly told: Told | null;
}

/** The tester's own state: which servers are connected. */
export class Course {
  readonly #hands: Hands;
  readonly #disconnected = new Set<number>();

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  /** The id of a server's number; counting goes round, so L + 1 behind the last is the first. */
  idOf(server: number): ServerId {
    const { servers } = this.#hands;
    return servers[this.numberOf(server) - 1] ?? '';
  }

  /** 1 … n. */
  numberOf(server: number): number {
    const { length } = this.#hands.servers;
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

  /** Everybody is connected again by other means. */
  forget(): void {
    this.#disconnected.clear();
  }

  /** Disconnect, SIGKILL, wait until it is gone. */
  async crash1(servers: readonly number[]): Promise<void> {
    await this.disconnect(servers);
    const alive = servers.map((server) => this.idOf(server)).filter(this.#hands.isAlive);
    if (alive.length > 0) await this.#hands.kill(alive);
  }

  /** A crash, then a new process on the same files, still disconnected. Like the course's it does not wait for it. */
  async start1(servers: readonly number[]): Promise<void> {
    await this.crash1(servers);
    await this.#hands.spawn(servers.map((server) => this.idOf(server)));
  }

  /** Start(value) on each of these that is alive, all at once, answers in their order. */
  async start(servers: readonly number[], value: number): Promise<readonly Started[]> {
    const alive = servers.map((server) => this.numberOf(server)).filter((server) => this.#isAlive(server));
    return await Promise.all(
      alive.map(async (server) => ({ server, ...(await this.#hands.start(this.idOf(server), value)) })),
    );
  }

  /** @throws ScenarioFailure when values at an index differ */
  nCommitted(index: number): { readonly count: number; readonly value: number } {
    const conflict = this.#hands.conflict();
    if (conflict !== null) throw new ScenarioFailure('violated', conflict);
    const { count, values } = this.#hands.applied(index);
    if (values.length > 1) {
      throw new ScenarioFailure('violated', {
        en: `committed values at index ${index} differ: ${values.join(', ')}`,
        zh: `索引 ${index} 上提交的值不同：${values.join(', ')}`,
      });
    }
    return { count, value: values[0] ?? -1 };
  }

  /** Submits until `servers` servers have applied the value at one index. @returns the index */
  async one(value: number, servers: number): Promise<number> {
    const { nowMs, sleep } = this.#hands;
    const began = nowMs();
    let next = 0;
    while (nowMs() - began < AGREE_WITHIN_MS) {
      let index = -1;
      for (let asked = 0; asked < this.#hands.servers.length && index < 0; asked += 1) {
        next = (next + 1) % this.#hands.servers.length;
        const server = next + 1;
        if (!this.isConnected(server) || !this.#isAlive(server)) continue;
        const answer = await this.#hands.start(this.idOf(server), value);
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

  /** The one leader among the connected servers. */
  async checkOneLeader(): Promise<number> {
    let silent: readonly number[] = [];
    for (let round = 0; round < LEADER_ROUNDS; round += 1) {
      await this.#hands.sleep(LEADER_ROUND_MS);
      const states = await this.#states(this.#connected());
      silent = this.#silentOf(states);
      const leaders = states.filter(({ told }) => told?.isLeader === true);
      const terms = leaders.map(({ told }) => told?.term ?? 0);
      const twice = terms.find((term, at) => terms.indexOf(term) !== at);
      if (twice !== undefined)
        throw new ScenarioFailure('violated', {
          en: `term ${twice} has more than one leader`,
          zh: `任期 ${twice} 有多个领袖`,
        });
      const newest = leaders.find(({ told }) => told?.term === Math.max(...terms));
      if (newest !== undefined) return newest.server;
    }
    this.#wantAnswerOf(silent);
    throw new ScenarioFailure('violated', {
      en: 'expected one leader, got none within 5 s',
      zh: '应有一个领袖，5 秒内没有出现',
    });
  }

  /** The term all connected servers agree on; -1 while none has begun. */
  async checkTerms(): Promise<number> {
    const states = await this.#states(this.#connected());
    const terms = [...new Set(states.flatMap(({ told }) => told?.term ?? []))];
    if (terms.length > 1)
      throw new ScenarioFailure('violated', {
        en: `servers disagree on the term: ${terms.join(', ')}`,
        zh: `服务器的任期不一致：${terms.join(', ')}`,
      });
    this.#wantEvidence(states);
    return terms[0] ?? -1;
  }

  /** The term of every server that is alive and answers. */
  async terms(): Promise<readonly number[]> {
    const states = await this.#states(this.#everybody());
    return states.flatMap(({ told }) => told?.term ?? []);
  }

  async checkNoLeader(): Promise<void> {
    const states = await this.#states(this.#connected());
    const leader = states.find(({ told }) => told?.isLeader === true);
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
   * @param term  -1, or the term it was accepted in: when a server is past it, nothing can be expected any more
   * @returns the value, or -1
   */
  async wait(index: number, servers: number, term: number): Promise<number> {
    let pauseMs = WAIT_FIRST_MS;
    for (let poll = 0; poll < WAIT_POLLS; poll += 1) {
      if (this.nCommitted(index).count >= servers) break;
      await this.#hands.sleep(pauseMs);
      if (pauseMs < WAIT_LONGEST_MS) pauseMs *= 2;
      if (term > -1) {
        const states = await this.#states(this.#everybody());
        if (states.some(({ told }) => (told?.term ?? 0) > term)) return -1;
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
    const { nowMs, sleep } = this.#hands;
    const began = nowMs();
    while (nowMs() - began < APPLY_WITHIN_MS) {
      const committed = this.nCommitted(index);
      if (committed.count > 0 && committed.count >= servers && committed.value === value) return true;
      await sleep(LOOK_EVERY_MS);
    }
    return false;
  }

  #everybody(): readonly number[] {
    return this.#hands.servers.map((_, at) => at + 1);
  }

  #connected(): readonly number[] {
    return this.#everybody().filter((server) => this.isConnected(server));
  }

  #isAlive(server: number): boolean {
    return this.#hands.isAlive(this.idOf(server));
  }

  /** @throws ScenarioFailure unknown: of nobody, or of somebody who may be otherwise, nothing can be said */
  #wantEvidence(states: readonly Stated[]): void {
    this.#wantAnswerOf(this.#silentOf(states));
    if (states.some(({ told }) => told !== null)) return;
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

  /** Those that are up and say nothing; one that still boots has no role yet. */
  #silentOf(states: readonly Stated[]): readonly number[] {
    return states.flatMap(({ server, told }) => (told === null && this.#hands.isUp(this.idOf(server)) ? [server] : []));
  }

  async #states(servers: readonly number[]): Promise<readonly Stated[]> {
    return await Promise.all(
      servers
        .filter((server) => this.#isAlive(server))
        .map(async (server) => ({ server, told: await this.#hands.state(this.idOf(server)) })),
    );
  }

  /** The connected ones are one group, everybody else is alone. */
  async #separate(): Promise<void> {
    if (this.#disconnected.size === 0) {
      await this.#hands.groups(null);
      return;
    }
    const apart = [...this.#disconnected].map((server) => [this.idOf(server)]);
    await this.#hands.groups(
      [this.#connected().map((server) => this.idOf(server)), ...apart].filter((group) => group.length > 0),
    );
  }
}
