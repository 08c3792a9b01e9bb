/**
 * The list of processes on Windows, which reports no start times: the list is read, no process is killed by it, and it
 * is removed once its lab is gone.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

type Survivors = typeof import('../../src/cluster/processes/survivors.ts');

let runs: string;
let survivors: Survivors;

beforeEach(async () => {
  runs = mkdtempSync(join(tmpdir(), 'raft-lab-windows-'));
  mkdirSync(join(runs, 'run-1'));
  // process-info.ts asks for the platform when it is loaded.
  vi.spyOn(process, 'platform', 'get').mockReturnValue('win32');
  vi.resetModules();
  survivors = await import('../../src/cluster/processes/survivors.ts');
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.resetModules();
  rmSync(runs, { recursive: true, force: true });
});

const list = () => join(runs, 'run-1', 'processes.json');

async function sweep(): Promise<{ readonly problems: readonly string[]; readonly killed: readonly number[] }> {
  const problems: string[] = [];
  const killed = await survivors.sweepSurvivors(runs, (message) => problems.push(message));
  return { problems, killed };
}

/** The pid of a process that has just ended. */
function endedPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

test('survivors on Windows: list of a living lab → kept, no problem reported', async () => {
  const live = survivors.listLiveProcesses({ runFolder: join(runs, 'run-1'), runId: 'run-1' });
  await live.add({ pid: process.pid, startTime: '' });
  expect(await sweep()).toEqual({ problems: [], killed: [] });
  expect(existsSync(list())).toBe(true);
});

test('survivors on Windows: list of a dead lab → removed, no process killed', async () => {
  const lab = { pid: endedPid(), startTime: '' };
  const processes = [{ pid: process.pid, startTime: '' }];
  writeFileSync(list(), JSON.stringify({ version: 1, runId: 'run-1', lab, processes }));
  expect(await sweep()).toEqual({ problems: [], killed: [] });
  expect(existsSync(list())).toBe(false);
});

test('survivors on Windows: list without start times → reported and left', async () => {
  writeFileSync(list(), JSON.stringify({ version: 1, runId: 'run-1', lab: { pid: 1 }, processes: [] }));
  expect((await sweep()).problems).toEqual([`${list()} is not a list of processes`]);
  expect(existsSync(list())).toBe(true);
});
