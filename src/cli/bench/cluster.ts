/** A running cluster for one row of the bench. Its host is a complete lab or a bare host. */
import type { ServerStateView } from '../../core/lab-api/index.ts';
import { type ProcessIdentity, startTimeOf, whenGone } from '../../lab/index.ts';
import { type Workshop, waitFor } from './workshop.ts';

/** The data a client needs to connect. */
export interface Admission {
  readonly runId: string;
  readonly secret: string;
  readonly networkUrl: string;
  readonly originNs: string;
}

/** Process ids. */
export interface ClusterPids {
  /** The lab, or the bare host. */
  readonly lab: number;
  readonly network: number;
  readonly servers: Readonly<Record<string, number>>;
}

/** The traffic of the measured window. */
export interface Traffic {
  readonly events: number;
  /** Number and bytes of the whole messages on all links, those of clients included. */
  readonly messages: number;
  readonly linkBytes: number;
  /** Bytes of the recording; null when nothing is recorded. */
  readonly traceBytes: number | null;
  readonly elections: number;
}

export type States = Readonly<Record<string, ServerStateView | null>>;

/** A cluster started by `startLabCluster` or `startBareCluster`; call `stop` at the end. */
export interface Cluster {
  readonly admission: Admission;
  readonly pids: ClusterPids;
  /** Each server's folder. */
  readonly folders: Readonly<Record<string, string>>;
  /** Returns the state that each server reports; null for a server that does not answer. */
  states(): Promise<States>;
  /** Marks the beginning and the end of the measured window; called once for each. */
  mark(): Promise<void>;
  /**
   * Stops listening to the lab, because pushes to a listener cost CPU time. The next call of `states` listens again.
   */
  leaveAlone(): void;
  /** Stops everything in order; resolves when every process is gone. */
  stop(): Promise<void>;
  /** Traffic of the window; valid after `stop`. @param window  microseconds since the run began */
  traffic(window: { readonly fromUs: number; readonly toUs: number }): Promise<Traffic | null>;
}

const LEADER_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 250;

/** Waits until one server leads and all others follow it. @returns the leader */
export async function leaderOf(workshop: Workshop, cluster: Pick<Cluster, 'states'>): Promise<string> {
  return await waitFor('a leader', waiting(workshop, LEADER_WITHIN_MS), async () =>
    agreedLeader(await cluster.states()),
  );
}

/** Returns the server that leads and that all others follow; null while no such server exists. */
export function agreedLeader(states: States): string | null {
  const all = Object.entries(states);
  const leader = all.find(([, state]) => state?.isLeader === true)?.[0];
  return leader !== undefined && all.every(([, state]) => state?.leaderId === leader) ? leader : null;
}

const APPLIED_WITHIN_MS = 30_000;

/**
 * Waits until every server has applied its whole log and all logs end at the same index.
 *
 * @returns the last states, also when the logs do not settle in time: the verdict then names the difference
 */
export async function settledStates(workshop: Workshop, cluster: Pick<Cluster, 'states'>): Promise<States> {
  const deadline = performance.now() + APPLIED_WITHIN_MS;
  return await waitFor('equal logs', waiting(workshop, 2 * APPLIED_WITHIN_MS), async () => {
    const states = await cluster.states();
    return hasSettled(states) || performance.now() > deadline ? states : null;
  });
}

/** Whether every server answers and has applied its log up to one common last index. */
export function hasSettled(states: States): boolean {
  const all = Object.values(states);
  const last = all[0]?.lastIndex ?? null;
  return all.every((state) => state !== null && state.lastIndex === last && state.lastApplied === last);
}

function waiting({ interrupted }: Workshop, withinMs: number) {
  return { interrupted, withinMs, everyMs: LOOK_EVERY_MS };
}

const GONE_WITHIN_MS = 10_000;

/**
 * Identifies these processes by id and start time, so that a later process with the same id is not confused with them.
 */
export function identitiesOf({ lab, network, servers }: ClusterPids): readonly ProcessIdentity[] {
  return [lab, network, ...Object.values(servers)].map((pid) => ({ pid, startTime: startTimeOf(pid) ?? '' }));
}

/** @throws Error when one of them still runs */
export async function expectGone(identities: readonly ProcessIdentity[]): Promise<void> {
  if (!(await whenGone(identities, GONE_WITHIN_MS))) throw new Error('a process of the cluster did not end');
}
