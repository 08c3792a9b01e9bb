/**
 * A lab killed with -9 leaves no process of its run 5 s later, at any moment: while it spawns, freezes, resumes or
 * records, while a server seals or is frozen, or just after its reaper was killed. Five labs run at once (the default
 * of vitest for concurrent tests). Each starts its programs through a path of its own, and the test finds its remaining
 * processes by that path, so labs that run at the same time do not disturb each other's result.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import type { ProgramFiles } from '../../src/cluster/processes/program-files.ts';
import { createLab } from '../../src/lab/index.ts';
import { readProcess } from '../../src/program/process-info.ts';
import { type Bundle, bundlePrograms, LAB_PROGRAMS } from '../helpers/bundle.ts';
import { processesOf } from '../helpers/processes-of.ts';
import { until } from '../helpers/until.ts';

const MOMENTS = 50;
const GONE_WITHIN_MS = 5_000;
const seed = Number(process.env.RAFT_LAB_TEST_SEED ?? Date.now() % 1_000_000);
const repeat = `RAFT_LAB_TEST_SEED=${seed} npm test -- test/lab/orphans.process.test.ts`;

/**
 * Number of writers of a lab that is killed after this activity. One keeps recorder, disks and links at work, and three
 * fill a segment every second or two. `npm run test:long -- orphans` uses sixteen, which take both cores for one lab.
 */
function writersUntil(after: Activity): number {
  return Number(process.env.RAFT_LAB_TEST_WRITERS ?? (after === 'sealing' ? 3 : 1));
}

const KINDS = [
  ...(['creating', 'spawning', 'spawning', 'running', 'killing', 'restarting', 'flushing'] as const),
  ...(['freezing', 'frozen', 'frozen', 'resuming', 'sealing'] as const),
] as const;
type Activity = (typeof KINDS)[number];

let bundle: Bundle;
let word = seed >>> 0;

beforeAll(async () => {
  bundle = await bundlePrograms({ ...LAB_PROGRAMS, lab: 'test/lab/support/busy-lab.ts' });
});
afterAll(async () => {
  await bundle.remove();
});

/** Draws a repeatable number, 0 ≤ number < below. */
function random(below: number): number {
  word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((word / 2 ** 32) * below);
}

interface BusyLab {
  readonly dataFolder: string;
  /**
   * Path of the programs, spelt differently for each lab, so it identifies the lab on the command line of its
   * processes.
   */
  readonly programs: string;
  readonly child: ChildProcess;
  /** Resolves when the lab reports this activity for the `count`-th time. */
  says(what: string, count: number): Promise<void>;
  runId(): string;
}

interface LabPlan {
  /** Seed of the lab's actions. */
  readonly labSeed: number;
  /** Activity that the test waits for. */
  readonly after: Activity;
}

/** Starts a lab that is ended with its test, so that one failed test does not disturb the next ones. */
function startBusyLab({ labSeed, after }: LabPlan, { onTestFinished }: TestContext): BusyLab {
  const dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-orphans-'));
  const programs = join(dataFolder, 'programs');
  symlinkSync(bundle.folder, programs);
  const drawn = [labSeed, writersUntil(after)].map(String);
  const words = [join(programs, 'lab.mjs'), dataFolder, programs, ...drawn, after];
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
    for (const { pid } of processesOf(programs)) process.kill(pid, 'SIGKILL');
    rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  });
  const heard: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => heard.push(line));
  return {
    dataFolder,
    programs,
    child,
    says: (what, count) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (heard.some((line) => line.startsWith('failed'))) reject(new Error(`${heard.join('\n')}\n${repeat}`));
          if (heard.filter((line) => line.startsWith(what)).length >= count) resolve();
        };
        lines.on('line', check);
        child.once('exit', () => reject(new Error(`the lab ended by itself: ${heard.join(', ')}; ${repeat}`)));
        check();
      }),
    runId: () => readdirSync(join(dataFolder, 'runs'))[0] ?? '',
  };
}

async function waitMs(milliseconds: number): Promise<void> {
  await new Promise((resume) => setTimeout(resume, milliseconds));
}

async function killHard(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** Waits for the lab's programs to end. @returns the command lines of those that still run at the deadline */
async function leftOver({ programs }: BusyLab): Promise<readonly string[]> {
  const deadline = performance.now() + GONE_WITHIN_MS;
  while (processesOf(programs).length > 0 && performance.now() < deadline) await waitMs(20);
  return processesOf(programs).map(({ words }) => words);
}

interface Moment extends LabPlan {
  /** Number of reports of this activity after which the lab is killed. */
  readonly count: number;
  readonly delayMs: number;
  readonly freeze: boolean;
}

function moments(): readonly Moment[] {
  return Array.from({ length: MOMENTS }, (_, at) => {
    const after = KINDS[at % KINDS.length] ?? 'spawning';
    const isEarly = after === 'creating' || after === 'spawning';
    return {
      after,
      count: after === 'flushing' ? 1 + random(4) : 1,
      delayMs: random(isEarly ? 400 : 60),
      freeze: !isEarly && at % 2 === 0,
      labSeed: random(1e9),
    };
  });
}

/** Stops a server as `kill -STOP` from a terminal does. */
function freezeOne(runId: string): void {
  const [server] = processesOf(runId).filter(({ words }) => words.includes('--server'));
  if (server !== undefined) process.kill(server.pid, 'SIGSTOP');
}

describe.concurrent('lab killed with -9', () => {
  for (const [at, moment] of moments().entries()) {
    const { after, count, delayMs, freeze } = moment;
    const title = `${at + 1} of ${MOMENTS}: ${delayMs} ms after ${after}${freeze ? ', one server frozen' : ''}`;
    test(`killed lab, ${title} → nothing is left; repeat: ${repeat}`, async (context) => {
      const lab = startBusyLab(moment, context);
      await lab.says(after, count);
      await waitMs(delayMs);
      if (freeze) freezeOne(lab.runId());
      await killHard(lab.child);
      const left = await leftOver(lab);
      expect(left, repeat).toEqual([]);
    });
  }
});

const [sweptSeed, besideSeed] = [random(1e9), random(1e9)];

/** Returns the programs for a second lab on the same folder, with the path of the first lab. */
function filesOf({ programs }: BusyLab): ProgramFiles {
  const file = (name: string): string => join(programs, `${name}.mjs`);
  return { peer: file('peer'), network: file('network'), reaper: file('reaper') };
}

/**
 * Freezes the oldest server while its lab is stopped, then kills the reaper and the lab. The oldest server is certainly
 * on the lab's list of processes. Its age is found by start time, because pids are reused.
 *
 * @returns pids of all frozen servers: this one, and one that the lab may have frozen a moment before
 */
async function strikeWithFrozen(lab: BusyLab): Promise<readonly number[]> {
  const runId = lab.runId();
  const servers = () => processesOf(runId).filter(({ words }) => words.includes('--server'));
  lab.child.kill('SIGSTOP');
  const [oldest] = servers().sort((a, b) => startOf(a.pid) - startOf(b.pid));
  if (oldest === undefined) throw new Error(`no server runs; ${repeat}`);
  process.kill(oldest.pid, 'SIGSTOP');
  await until('it is frozen', () => readProcess(oldest.pid)?.state === 'T');
  const frozen = servers().flatMap(({ pid }) => (readProcess(pid)?.state === 'T' ? [pid] : []));
  for (const { pid, words } of processesOf(runId)) if (words.includes('reaper')) process.kill(pid, 'SIGKILL');
  await killHard(lab.child);
  return frozen;
}

/** Start time of a process, in the kernel's ticks. */
function startOf(pid: number): number {
  return Number(readProcess(pid)?.startTime ?? Number.POSITIVE_INFINITY);
}

test(`frozen server: reaper killed too → killed at the next start; repeat: ${repeat}`, async (context) => {
  const lab = startBusyLab({ labSeed: sweptSeed, after: 'flushing' }, context);
  await lab.says('running', 1);
  const runId = lab.runId();
  await lab.says('flushing', 2);
  const frozen = await strikeWithFrozen(lab);
  await expect.poll(() => processesOf(runId).map(({ pid }) => pid), { timeout: GONE_WITHIN_MS }).toEqual(frozen);

  const next = await createLab({
    dataFolder: lab.dataFolder,
    programs: filesOf(lab),
  });
  expect(processesOf(runId)).toEqual([]);
  const runs = await next.ask('listRuns', {});
  expect(runs).toMatchObject({ ok: true, value: [{ runId, ok: true, live: false }] });
  await next.close();
});

test(`second lab: continues the run → none of the old servers is left; repeat: ${repeat}`, async (context) => {
  const lab = startBusyLab({ labSeed: besideSeed, after: 'flushing' }, context);
  await lab.says('running', 1);
  const runId = lab.runId();
  const beside = await createLab({
    dataFolder: lab.dataFolder,
    programs: filesOf(lab),
  });
  await lab.says('flushing', 2);
  const frozen = await strikeWithFrozen(lab);
  expect(await beside.ask('continueRun', { runId })).toMatchObject({ ok: true, value: { mode: 'live', runId } });
  const pids = processesOf(runId).map(({ pid }) => pid);
  await beside.close();
  expect(pids.filter((pid) => frozen.includes(pid))).toEqual([]);
});
