/** The meter of one row: CPU time of every process and of the whole machine, read when the window begins and ends. */
import type { ClusterPids } from './cluster.ts';
import { type MachineUsage, machineUsage, type Usage, usageOf } from './usage.ts';

/** One number for each kind of process; null where the system does not report it. */
export interface ByProcess {
  readonly leader: number | null;
  /** Mean of all other servers; null with a single server. */
  readonly follower: number | null;
  readonly network: number | null;
  /** The lab, or the bare host. */
  readonly lab: number | null;
  readonly clients: number | null;
}

/** CPU time and memory that the processes used in the window. */
export interface Metered {
  readonly cpuUs: ByProcess;
  /** CPU time of all servers, the network and the lab together, without the clients. */
  readonly clusterCpuUs: number | null;
  /** Memory at the end of the window. */
  readonly rssBytes: ByProcess;
  /**
   * Share of all processors that was neither idle nor used by the bench, 0–1; null where the system does not report it.
   */
  readonly otherShare: number | null;
}

/** One reading. */
export interface Reading {
  readonly processes: ReadonlyMap<number, Usage | null>;
  readonly machine: MachineUsage | null;
}

/** Ids of the processes whose usage is read. */
export interface MeteredPids extends ClusterPids {
  readonly clients: number;
  /** The bench process. */
  readonly bench: number;
}

/** Reads everything now. */
export function readMeter(pids: MeteredPids): Reading {
  return { processes: usageOf(allOf(pids)), machine: machineUsage() };
}

/**
 * Computes the usage between two readings.
 *
 * @param leader  the server that led during the whole window; null when several did, so no server's role is known
 */
export function metered(pids: MeteredPids, leader: string | null, began: Reading, ended: Reading): Metered {
  const cpuOf = (pid: number): number | null => {
    const [before, after] = [began.processes.get(pid), ended.processes.get(pid)];
    return before === null || before === undefined || !after ? null : after.cpuUs - before.cpuUs;
  };
  const rssOf = (pid: number): number | null => ended.processes.get(pid)?.rssBytes ?? null;
  const cluster = [...Object.values(pids.servers), pids.network, pids.lab];
  return {
    cpuUs: byProcess(pids, leader, cpuOf),
    clusterCpuUs: sum(cluster.map(cpuOf)),
    rssBytes: byProcess(pids, leader, rssOf),
    otherShare: otherShare(sum(allOf(pids).map(cpuOf)), began.machine, ended.machine),
  };
}

function byProcess(pids: MeteredPids, leader: string | null, of: (pid: number) => number | null): ByProcess {
  const followers = Object.entries(pids.servers).filter(([server]) => server !== leader);
  const followerSum = leader === null ? null : sum(followers.map(([, pid]) => of(pid)));
  return {
    leader: leader === null ? null : of(pids.servers[leader] ?? 0),
    follower: followerSum === null || followers.length === 0 ? null : followerSum / followers.length,
    network: of(pids.network),
    lab: of(pids.lab),
    clients: of(pids.clients),
  };
}

function otherShare(ours: number | null, began: MachineUsage | null, ended: MachineUsage | null): number | null {
  if (ours === null || began === null || ended === null) return null;
  const total = ended.totalUs - began.totalUs;
  if (total <= 0) return null;
  // Ticks are rounded for each process, so the difference of a quiet machine may be slightly negative.
  return Math.max(0, (ended.busyUs - began.busyUs - ours) / total);
}

function allOf({ servers, network, lab, clients, bench }: MeteredPids): readonly number[] {
  return [...Object.values(servers), network, lab, clients, bench];
}

function sum(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((all, one) => (all === null || one === null ? null : all + one), 0);
}
