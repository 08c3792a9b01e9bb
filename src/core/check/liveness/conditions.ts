/**
 * When liveness may be asked of a cluster: while a majority is up, unfrozen, and pairwise linked without loss and with a
 * delay below a tenth of the election timeout, and everybody else is down, frozen or cut off from all of them. A server that
 * is linked to some and not to others can unseat leaders again and again without any rule being broken.
 */
import { PACES, type PaceName, type RunSettings, type TraceEvent } from '../../trace/index.ts';
import { carries, type LinkPolicy, type LinkShape, type ServerId } from '../../wire/index.ts';

interface Condition {
  readonly isUp: boolean;
  readonly isFrozen: boolean;
  /** When it last went on after a freeze, microseconds. */
  readonly resumedUs: number;
}

const DOWN: Condition = { isUp: false, isFrozen: false, resumedUs: Number.NEGATIVE_INFINITY };
const PASS: LinkPolicy = { mode: 'pass' };

/** Follows processes, links and pace. */
export class Conditions {
  readonly #servers: readonly ServerId[];
  readonly #electionTicks: number;
  #pace: PaceName;
  /** Servers are started after it. */
  #hasNetwork = true;
  readonly #of = new Map<ServerId, Condition>();
  readonly #policies = new Map<string, LinkPolicy>();

  constructor({ servers, electionTicks, pace }: RunSettings) {
    this.#servers = servers;
    this.#electionTicks = electionTicks;
    this.#pace = pace;
  }

  /** How long a server waits for its leader at most (2T), microseconds. */
  get longestTimeoutUs(): number {
    return 2 * this.#timeoutUs;
  }

  get majority(): number {
    return Math.floor(this.#servers.length / 2) + 1;
  }

  /** @returns whether anything may have changed */
  observe(event: TraceEvent): boolean {
    switch (event.event) {
      case 'LabRestarted':
        this.#of.clear();
        this.#policies.clear();
        this.#hasNetwork = true;
        return true;
      case 'PaceChanged':
        this.#pace = event.pace;
        return true;
      case 'NetworkSpawned':
      case 'NetworkExited':
        this.#hasNetwork = event.event === 'NetworkSpawned';
        return true;
      case 'LinkPolicyChanged':
        this.#policies.set(event.link, event.policy);
        return true;
      case 'ServerReady':
        return this.#set(event.server, { ...DOWN, isUp: true });
      case 'ServerExited':
        return this.#set(event.server, DOWN);
      case 'ServerFrozen':
        return this.#set(event.server, { ...this.#condition(event.server), isFrozen: true });
      case 'ServerResumed':
        return this.#set(event.server, { isUp: true, isFrozen: false, resumedUs: event.timeUs });
      default:
        return false;
    }
  }

  /** Whether this server's ticks stood still because it was frozen. */
  explainsLateness(server: ServerId, sinceUs: number): boolean {
    const { isFrozen, resumedUs } = this.#condition(server);
    return isFrozen || resumedUs >= sinceUs;
  }

  /** The majority of which liveness may be asked, in the order of the servers; null: of nobody. */
  members(): readonly ServerId[] | null {
    if (!this.#hasNetwork) return null;
    const running = this.#servers.filter((id) => this.#condition(id).isUp && !this.#condition(id).isFrozen);
    const together = groupsOf(running, (one, other) => this.#isLinked(one, other) || this.#isLinked(other, one));
    const members = together.find((group) => group.length >= this.majority);
    if (members === undefined) return null;
    const isWell = members.every((one) => members.every((other) => one === other || this.#isWell(`${one}>${other}`)));
    return isWell ? members : null;
  }

  /** Whether clients reach all of them, and they clients. */
  clientsReach(members: readonly ServerId[]): boolean {
    return [...this.#policies].every(([link, { mode }]) => {
      const ends = link.split('>');
      const isClients = ends.some((end) => !this.#servers.includes(end));
      return mode === 'pass' || !isClients || !ends.some((end) => members.includes(end));
    });
  }

  #condition(server: ServerId): Condition {
    return this.#of.get(server) ?? DOWN;
  }

  #set(server: ServerId, condition: Condition): true {
    this.#of.set(server, condition);
    return true;
  }

  get #timeoutUs(): number {
    return this.#electionTicks * PACES[this.#pace].tickMs * 1_000;
  }

  /** Also while its messages are held: they will arrive one day. */
  #isLinked(from: ServerId, to: ServerId): boolean {
    return this.#policy(`${from}>${to}`).mode !== 'cut';
  }

  #policy(link: string): LinkPolicy {
    return this.#policies.get(link) ?? PASS;
  }

  #isWell(link: string): boolean {
    const policy = this.#policy(link);
    if (!carries(policy)) return false;
    const shapes = policy.mode === 'shape' ? [policy.requests, policy.replies] : [];
    if (shapes.some(({ lossPercent }) => lossPercent > 0)) return false;
    const longestMs = PACES[this.#pace].hopDelayMs + Math.max(0, ...shapes.map(longestDelayMs));
    return longestMs * 1_000 < this.#timeoutUs / 10;
  }
}

function longestDelayMs({ delayMs, jitterMs, reorderPercent, reorderMaxMs }: LinkShape): number {
  return delayMs + jitterMs + (reorderPercent > 0 ? reorderMaxMs : 0);
}

/** Who is linked with whom, directly or through others. */
function groupsOf(
  servers: readonly ServerId[],
  areLinked: (one: ServerId, other: ServerId) => boolean,
): readonly (readonly ServerId[])[] {
  let groups: readonly (readonly ServerId[])[] = [];
  for (const server of servers) {
    const linked = groups.filter((group) => group.some((other) => areLinked(server, other)));
    groups = [...groups.filter((group) => !linked.includes(group)), [...linked.flat(), server]];
  }
  return groups.map((group) => servers.filter((server) => group.includes(server)));
}
