/**
 * Liveness of real runs in which the computer, the network process, the lab or a slow server stops for a while. Such a
 * stop is not a fault of Raft, so liveness must stay valid.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { standstillsInWords } from '../../src/core/check/liveness/index.ts';
import type { TraceEvent } from '../../src/core/trace/index.ts';
import { judgeRunFolder } from '../../src/lab/index.ts';
import { type Bundle, bundlePrograms, LAB_PROGRAMS } from '../helpers/bundle.ts';
import { type LiveLab, startLab } from '../helpers/live-lab.ts';
import { processesOf } from '../helpers/processes-of.ts';
import { until } from '../helpers/until.ts';

/**
 * Duration of a stop. It exceeds the bounds for a leader and for an answer, which are ten times the longest election
 * timeout of 300 ms.
 */
const STANDSTILL_MS = 4_000;

let bundle: Bundle;
let dataFolder: string;
/** The run of the current test: its id, and a function that closes it. */
let open: { readonly runId: string; close(): Promise<unknown> };

beforeAll(async () => {
  bundle = await bundlePrograms({ ...LAB_PROGRAMS, lab: 'test/lab/support/writing-lab.ts' });
});
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'raft-lab-liveness-'));
});
afterEach(async () => {
  await open.close();
  expect(processesOf(open.runId)).toEqual([]);
  rmSync(dataFolder, { recursive: true, force: true });
});
afterAll(async () => await bundle.remove());

async function start(): Promise<LiveLab> {
  const live = await startLab({ dataFolder, programs: bundle, choice: { servers: 3, pace: 'real' } });
  open = live;
  return live;
}

/** Stops a process for `STANDSTILL_MS` with SIGSTOP. */
async function standStill(pid: number | undefined): Promise<void> {
  if (pid === undefined) throw new Error('there is no such process');
  process.kill(pid, 'SIGSTOP');
  await wait(STANDSTILL_MS);
  process.kill(pid, 'SIGCONT');
}

/** Finds a process of the run by a part of its command line. */
function pidOf(words: string): number | undefined {
  return processesOf(open.runId).find((one) => one.words.includes(words))?.pid;
}

/** Returns the events of a closed run. */
function recorded(runId: string): readonly TraceEvent[] {
  const text = readFileSync(join(dataFolder, 'runs', runId, 'events.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TraceEvent);
}

/** Closes the run and returns the liveness verdict on its recording. */
async function livenessOf(runId: string) {
  await open.close();
  return (await judgeRunFolder(join(dataFolder, 'runs', runId))).liveness;
}

test('liveness: computer slept → recorded once; its late ticks do not count', async () => {
  const live = await start();
  await live.until('a leader', ({ leader }) => leader !== null);
  live.lab.notePower('suspended');
  await Promise.all(live.servers.map((server) => standStill(pidOf(`--server ${server}`))));
  live.lab.notePower('resumed');
  live.lab.notePower('resumed');
  const sourcesLate = async () => {
    const { events } = await live.ask('events', { names: ['TicksLate'] });
    return new Set(events.map(({ source }) => source).filter((source) => live.servers.includes(source))).size;
  };
  await until('late ticks of every server', async () => (await sourcesLate()) === 3);
  const liveness = await livenessOf(live.runId);
  const events = recorded(live.runId);
  const marks = events.filter(({ event }) => event.startsWith('Computer'));
  expect(marks.map(({ event }) => event)).toEqual(['ComputerSuspended', 'ComputerResumed']);
  const [, woke] = marks;
  if (woke?.event !== 'ComputerResumed') throw new Error('no mark');
  const others = events.filter(
    (event) =>
      event.event === 'TicksLate' &&
      live.servers.includes(event.source) &&
      (event.timeUs <= woke.sinceUs || event.timeUs - event.lateMs * 1_000 >= woke.timeUs),
  );
  expect([liveness.violation, liveness.sleeps.count]).toEqual([null, 1]);
  expect(liveness.lateTicks.servers.count).toBe(others.length);
  expect(standstillsInWords(liveness)?.en).toMatch(/^the computer slept \d+ seconds?, over which nothing is judged/);
});

test('liveness: two servers wait for a slow third → valid, judged from the first tick on', async () => {
  const live = await start();
  await standStill(pidOf('--server S3'));
  await live.until('a leader', ({ leader }) => leader !== null);
  const { events } = await live.ask('events', { names: ['ServerReady', 'TicksBegan'] });
  const [begin, ...more] = events.filter(({ event }) => event === 'TicksBegan').map(({ timeUs }) => timeUs);
  const ready = events.filter(({ event }) => event === 'ServerReady').map(({ timeUs }) => timeUs);
  expect([ready.length, more.length]).toEqual([3, 2]);
  // The two fast servers did wait.
  expect(Math.max(...ready) - Math.min(...ready)).toBeGreaterThan(3_000_000);
  expect(begin).toBeGreaterThan(Math.max(...ready));
  expect(await livenessOf(live.runId)).toMatchObject({ outcome: 'valid', leaders: 1, violation: null });
});

test('liveness: network process stopped for 4 s → valid, and the report mentions it', async () => {
  const live = await start();
  await live.until('a leader', ({ leader }) => leader !== null);
  await standStill(pidOf('--network'));
  // No server could win an election meanwhile, so the first command needs a leader that was elected or reached again
  // after the stop.
  const answer = await live.ask('submit', { command: { op: 'set', key: 'x', value: '1' } });
  expect(answer.outcome).toBe('done');
  const liveness = await livenessOf(live.runId);
  expect(liveness).toMatchObject({ outcome: 'valid', violation: null });
  expect(liveness.lateTicks.network.worstMs).toBeGreaterThan(3_000);
  expect(standstillsInWords(liveness)?.en).toContain('the network process stood still');
});

test('liveness: lab stopped for 4 s while clients wait → valid, and the report mentions it', async () => {
  const { child, runId } = await startWritingLab();
  await standStill(child.pid);
  const liveness = await livenessOf(runId);
  expect(liveness).toMatchObject({ outcome: 'valid', violation: null });
  expect(liveness.commands).toBeGreaterThan(0);
  expect(liveness.lateTicks.lab.worstMs).toBeGreaterThan(3_000);
  expect(standstillsInWords(liveness)?.en).toContain('the lab stood still');
});

/** Starts a lab in its own process. Resolves when its clients write. */
async function startWritingLab(): Promise<{ readonly child: ChildProcess; readonly runId: string }> {
  const args = [bundle.file('lab'), dataFolder, bundle.folder];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const close = (): Promise<unknown> => {
    child.stdin.end();
    return exited;
  };
  // Until the run has an id, its processes are found by the data folder on the lab's command line.
  open = { runId: dataFolder, close };
  const runId = String((await lines.next()).value);
  open = { runId, close };
  expect((await lines.next()).value).toBe('writing');
  return { child, runId };
}
