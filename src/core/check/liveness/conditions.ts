/**
 * The conditions under which a cluster's liveness is judged. The timing lets a leader last. A majority is up, ticking, unfrozen, and pairwise linked
 * without loss and with a delay below a tenth of the election timeout. All other servers are down, frozen or cut off
 * from that majority. A server that is linked to only some of the majority can unseat leaders again and again without
 * breaking a rule.
 */

import { PACES, type PaceName, type RunSettings } from '../../trace/index.ts';
import { endsOf, isSettled, longestElectionTicks, type Timing, timingOf } from '../../vocabulary/index.ts';
import { carries, type LinkPolicy, type LinkShape, type ServerId } from '../../wire/index.ts';
import type { Handlers } from '../handlers.ts';

interface Condition {
  /** Number of the present life once it is ready; 0 while the server is down or starting. */
  readonly readyLife: number;
  /** Number of the newest life whose ticks have begun. */
  readonly tickingLife: number;
  readonly isFrozen: boolean;
  /** When it was last resumed after a freeze, in microseconds. */
  readonly resumedUs: number;
}

const DOWN: Condition = { readyLife: 0, tickingLife: 0, isFrozen: false, resumedUs: Number.NEGATIVE_INFINITY };
const PASS: LinkPolicy = { mode: 'pass' };

/**
 * How this run shows that a server's ticks have begun. `ticks-began`: by the event `TicksBegan`. `first-election`: by
 * the first election timer of any server that runs out, in a recording from before that event; the lab starts the ticks
 * of all ready servers together. `unknown`: neither was observed yet.
 */
type TickEvidence = 'unknown' | 'ticks-began' | 'first-election';

/** Follows processes, links and pace. */
export class Conditions {
  /** Handlers of the events that change a condition. Each returns whether one may have changed. */
  readonly handlers: Handlers<boolean> = {
    LabRestarted: () => {
      this.#of.clear();
      this.#policies.clear();
      this.#evidence = 'unknown';
      return this.#network(true);
    },
    PaceChanged: ({ pace }) => {
      this.#pace = pace;
      return true;
    },
    TimingChanged: (event) => {
      this.#timing = timingOf(event);
      return true;
    },
    NetworkSpawned: () => this.#network(true),
    NetworkExited: () => this.#network(false),
    LinkPolicyChanged: ({ link, policy }) => {
      this.#policies.set(link, policy);
      return true;
    },
    ServerReady: ({ server, ofLife }) => this.#change(server, { readyLife: ofLife, isFrozen: false }),
    TicksBegan: ({ source, life }) => {
      this.#evidence = 'ticks-began';
      return this.#change(source, { tickingLife: life });
    },
    PreVoteStarted: () => this.#elects(),
    ElectionStarted: () => this.#elects(),
    ServerExited: ({ server }) => this.#change(server, { readyLife: 0, isFrozen: false }),
    ServerFrozen: ({ server }) => this.#change(server, { isFrozen: true }),
    ServerResumed: ({ server, timeUs }) => this.#change(server, { isFrozen: false, resumedUs: timeUs }),
  };
  readonly #servers: readonly ServerId[];
  #timing: Timing;
  #pace: PaceName;
  /** Whether the network process is running. Servers are started after it. */
  #hasNetwork = true;
  #evidence: TickEvidence = 'unknown';
  readonly #of = new Map<ServerId, Condition>();
  readonly #policies = new Map<string, LinkPolicy>();

  constructor(settings: RunSettings) {
    this.#servers = settings.servers;
    this.#timing = timingOf(settings);
    this.#pace = settings.pace;
  }

  /** Maximum time that a server waits for its leader, in microseconds. */
  get longestTimeoutUs(): number {
    return longestElectionTicks(this.#timing) * this.tickUs;
  }

  /** Length of a tick in microseconds. */
  get tickUs(): number {
    return PACES[this.#pace].tickMs * 1_000;
  }

  get majority(): number {
    return Math.floor(this.#servers.length / 2) + 1;
  }

  /** Whether a freeze explains a late tick: the server is frozen, or was resumed at `sinceUs` or later. */
  explainsLateness(server: ServerId, sinceUs: number): boolean {
    const { isFrozen, resumedUs } = this.#condition(server);
    return isFrozen || resumedUs >= sinceUs;
  }

  /**
   * The majority for which liveness is judged, in the order of the servers; null when no majority meets the conditions.
   */
  members(): readonly ServerId[] | null {
    if (!this.#hasNetwork || !isSettled(this.#timing, this.#pace)) return null;
    const running = this.#servers.filter((id) => this.#isRunning(id));
    const together = groupsOf(running, (one, other) => this.#isLinked(one, other) || this.#isLinked(other, one));
    const members = together.find((group) => group.length >= this.majority);
    if (members === undefined) return null;
    const isWell = members.every((one) => members.every((other) => one === other || this.#isWell(`${one}>${other}`)));
    return isWell ? members : null;
  }

  /** Whether clients reach all these servers, and these servers all clients. */
  clientsReach(members: readonly ServerId[]): boolean {
    return [...this.#policies].every(([link, { mode }]) => {
      const { from, to } = endsOf(link);
      const ends = [from, to];
      const isClients = ends.some((end) => !this.#servers.includes(end));
      return mode === 'pass' || !isClients || !ends.some((end) => members.includes(end));
    });
  }

  #condition(server: ServerId): Condition {
    return this.#of.get(server) ?? DOWN;
  }

  #change(server: ServerId, change: Partial<Condition>): true {
    this.#of.set(server, { ...this.#condition(server), ...change });
    return true;
  }

  #network(isRunning: boolean): true {
    this.#hasNetwork = isRunning;
    return true;
  }

  /** Takes an election timer that ran out. */
  #elects(): boolean {
    if (this.#evidence !== 'unknown') return false;
    this.#evidence = 'first-election';
    return true;
  }

  /** Whether the server is ready, ticking and not frozen. */
  #isRunning(server: ServerId): boolean {
    const { readyLife, tickingLife, isFrozen } = this.#condition(server);
    if (readyLife === 0 || isFrozen) return false;
    return this.#evidence === 'first-election' || tickingLife === readyLife;
  }

  get #timeoutUs(): number {
    return this.#timing.electionTicks * this.tickUs;
  }

  /** Whether the link is not cut. A link that holds messages counts as linked, because they arrive later. */
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
    // The run's own delay was compared with its timeouts already, so only the delay that a fault adds counts.
    const addedMs = Math.max(0, ...shapes.map(longestDelayMs));
    return addedMs * 1_000 < this.#timeoutUs / 10;
  }
}

function longestDelayMs({ delayMs, jitterMs, reorderPercent, reorderMaxMs }: LinkShape): number {
  return delayMs + jitterMs + (reorderPercent > 0 ? reorderMaxMs : 0);
}

/** The groups of servers that are linked, directly or through others. */
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
