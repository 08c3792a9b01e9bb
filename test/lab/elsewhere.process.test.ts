/** Two labs on one folder that cannot see each other's processes. The first runs in a PID namespace of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ProgramFiles } from '../../src/cluster/processes/program-files.ts';
import { createLab } from '../../src/lab/index.ts';
import type { Lab } from '../../src/lab/types.ts';
import { type Bundle, bundlePrograms, LAB_PROGRAMS } from '../helpers/bundle.ts';
import { processesOf } from '../helpers/processes-of.ts';
import { until } from '../helpers/until.ts';

const NAMESPACE = ['-Urpf', '--mount-proc', '--kill-child'] as const;
/**
 * Containers and some distributions forbid new namespaces. There, only the lock's own tests cover this case, with locks
 * written by hand.
 */
const isAllowed = process.platform === 'linux' && spawnSync('unshare', [...NAMESPACE, 'true']).status === 0;

let bundle: Bundle;
let programs: ProgramFiles;
let dataFolder: string;
let first: ChildProcess | null = null;
let second: Lab | null = null;

beforeAll(async () => {
  bundle = await bundlePrograms({ ...LAB_PROGRAMS, busy: 'test/lab/support/busy-lab.ts' });
  programs = { peer: bundle.file('peer'), network: bundle.file('network'), reaper: bundle.file('reaper') };
});
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-elsewhere-'));
});
afterEach(async () => {
  await second?.close();
  await end();
  rmSync(dataFolder, { recursive: true, force: true });
});
afterAll(async () => await bundle.remove());

/** Starts a lab in a namespace of its own. Resolves with its run's id once the run is live. */
async function beginElsewhere(): Promise<string> {
  const words = [process.execPath, bundle.file('busy'), dataFolder, bundle.folder];
  const child = spawn('unshare', [...NAMESPACE, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  first = child;
  return await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const runId = /^running (\S+)$/.exec(line)?.[1];
      if (runId !== undefined) resolve(runId);
    });
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)));
  });
}

/** Kills the first process of the namespace; the kernel then kills the others. */
async function end(): Promise<void> {
  first?.kill('SIGKILL');
  first = null;
  await until('its processes are gone', () => processesOf(bundle.folder).length === 0);
}

async function refusal(lab: Lab, name: Parameters<Lab['ask']>[0], ask: unknown): Promise<unknown> {
  const result = await lab.ask(name, ask);
  return result.ok ? result : { [result.error.code]: result.error.params };
}

test.runIf(isAllowed)(
  'lab in another PID namespace: alive → refused; gone for 30 s → a person is asked first',
  async () => {
    const runId = await beginElsewhere();
    second = await createLab({ dataFolder, programs });
    const list = join(dataFolder, 'runs', runId, 'processes.json');
    expect(existsSync(list)).toBe(true);
    const held = { 'run-locked-elsewhere': expect.objectContaining({ runId, seen: expect.any(String) }) };
    expect(await refusal(second, 'continueRun', { runId })).toEqual(held);
    expect(await refusal(second, 'continueRun', { runId, takeOver: true })).toEqual(held);
    expect(await refusal(second, 'createRun', { servers: 1 })).toEqual(held);
    expect(await second.ask('listRuns', {})).toMatchObject({ ok: true, value: [{ runId, live: true }] });

    await end();
    // A lab that has been gone for less than 30 s cannot be distinguished from a slow one from outside its namespace.
    expect(await refusal(second, 'continueRun', { runId })).toEqual(held);
    const past = Date.now() / 1_000 - 40;
    for (const file of [join(dataFolder, 'lock'), join(dataFolder, 'runs', runId, 'lock')])
      utimesSync(file, past, past);
    const left = { 'run-left-elsewhere': expect.objectContaining({ runId }) };
    expect(await refusal(second, 'continueRun', { runId })).toEqual(left);
    const taken = await second.ask('continueRun', { runId, takeOver: true });
    expect(taken).toMatchObject({ ok: true, value: { mode: 'live', runId } });
    await second.ask('closeRun', {});
    expect(await second.ask('openRun', { runId })).toMatchObject({ ok: true });
  },
);
