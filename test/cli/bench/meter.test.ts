/** The meter: differences by role, and the share of other programs. */
import { expect, test } from 'vitest';
import { type MeteredPids, metered, type Reading } from '../../../src/cli/bench/meter.ts';

const pids: MeteredPids = { lab: 1, network: 2, servers: { S1: 11, S2: 12, S3: 13 }, clients: 3, bench: 4 };

/** @param cpu  milliseconds by pid; RSS is the pid in MiB */
function reading(cpu: Readonly<Record<number, number>>, machine: Reading['machine']): Reading {
  const entries = Object.entries(cpu).map(
    ([pid, ms]) => [Number(pid), { cpuUs: ms * 1000, rssBytes: Number(pid) * 1024 * 1024 }] as const,
  );
  return { processes: new Map(entries), machine };
}

const began = reading({ 1: 100, 2: 100, 3: 100, 4: 10, 11: 100, 12: 100, 13: 100 }, { busyUs: 0, totalUs: 0 });
const machineAfter = { busyUs: 3_000_000, totalUs: 4_000_000 };
const ended = reading({ 1: 400, 2: 300, 3: 500, 4: 20, 11: 200, 12: 1100, 13: 400 }, machineAfter);

test('meter: leader S2 → its own time, the mean of the others, the cluster without the clients', () => {
  const { cpuUs, clusterCpuUs, rssBytes } = metered(pids, 'S2', began, ended);
  expect(cpuUs).toEqual({ leader: 1e6, follower: 200_000, network: 200_000, lab: 300_000, clients: 400_000 });
  expect(clusterCpuUs).toBe(1_900_000);
  expect(rssBytes).toMatchObject({ leader: 12 * 1024 * 1024, follower: 12 * 1024 * 1024 });
});

test('meter: 3 s of 4 busy, 2.31 s of them ours → 17 % for other programs', () => {
  expect(metered(pids, 'S2', began, ended).otherShare).toBeCloseTo(0.1725, 10);
});

test('meter: the leader changed → no figure by role, only the sum', () => {
  const { cpuUs, clusterCpuUs } = metered(pids, null, began, ended);
  expect([cpuUs.leader, cpuUs.follower, clusterCpuUs]).toEqual([null, null, 1_900_000]);
});

test('meter: one server → no figure of followers', () => {
  const one = { ...pids, servers: { S1: 11 } };
  expect(metered(one, 'S1', began, ended).cpuUs).toMatchObject({ leader: 100_000, follower: null });
});

test('meter: no reading of a process or of the machine → null', () => {
  const { 13: _gone, ...left } = { 1: 400, 2: 300, 3: 500, 4: 20, 11: 200, 12: 1100, 13: 400 };
  const found = metered(pids, 'S2', began, reading(left, machineAfter));
  expect([found.cpuUs.follower, found.clusterCpuUs, found.otherShare]).toEqual([null, null, null]);
  expect(metered(pids, 'S2', began, { ...ended, machine: null }).otherShare).toBeNull();
});
