/** The reaper kills exactly the processes on its list, frozen ones too, once its input ends for any reason. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startReaper } from '../../src/cluster/processes/reaper-handle.ts';
import { isAlive, type ProcessIdentity, readProcess } from '../../src/program/process-info.ts';
import { type Bundle, bundlePrograms } from '../helpers/bundle.ts';
import { until } from '../helpers/until.ts';

let bundle: Bundle;
const started: ChildProcess[] = [];

beforeAll(async () => {
  bundle = await bundlePrograms({ reaper: 'src/cluster/reaper.ts' });
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => await bundle.remove());

/** Starts a process that would run for ever: it ignores the end of its input. */
async function victim(): Promise<ProcessIdentity> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return identify(child.pid);
}

function identify(pid: number | undefined): ProcessIdentity {
  const startTime = readProcess(pid ?? 0)?.startTime;
  if (pid === undefined || startTime === undefined) throw new Error('the process is gone already');
  return { pid, startTime };
}

/** Runs the reaper alone; `say` resolves when the reaper has acknowledged the line. */
function bareReaper(): { readonly child: ChildProcess; say(line: string): Promise<string> } {
  const child = spawn(process.execPath, [bundle.file('reaper')], { stdio: ['pipe', 'pipe', 'inherit'] });
  started.push(child);
  const lines = createInterface({ input: child.stdout });
  return {
    child,
    say: async (line) => {
      const answered = new Promise<string>((resolve) => {
        lines.on('line', (answer) => {
          if (answer !== 'ready') resolve(answer);
        });
      });
      child.stdin.write(`${line}\n`);
      return await answered;
    },
  };
}

test('reaper: its input ends → kills running and frozen processes, waits for them, exits 0', async () => {
  const running = await victim();
  const frozen = await victim();
  const reaper = bareReaper();
  expect(await reaper.say(`add ${running.pid} ${running.startTime}`)).toBe(`added ${running.pid}`);
  expect(await reaper.say(`add ${frozen.pid} ${frozen.startTime}`)).toBe(`added ${frozen.pid}`);
  process.kill(frozen.pid, 'SIGSTOP');
  await until('it is frozen', () => readProcess(frozen.pid)?.state === 'T');

  const code = new Promise((resolve) => reaper.child.once('exit', resolve));
  reaper.child.stdin?.end();
  expect(await code).toBe(0);
  expect([isAlive(running), isAlive(frozen)]).toEqual([false, false]);
});

test('reaper: process removed from the list, or its pid reused → left alone', async () => {
  const released = await victim();
  const another = await victim();
  const reaper = bareReaper();
  await reaper.say(`add ${released.pid} ${released.startTime}`);
  await reaper.say(`del ${released.pid}`);
  await reaper.say(`add ${another.pid} ${Number(another.startTime) - 1}`);

  const code = new Promise((resolve) => reaper.child.once('exit', resolve));
  reaper.child.stdin?.end();
  expect(await code).toBe(0);
  expect([isAlive(released), isAlive(another)]).toEqual([true, true]);
});

test('reaper: signals from the terminal → it keeps running', async () => {
  const reaper = bareReaper();
  await reaper.say('del 1');
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) reaper.child.kill(signal);
  expect(await reaper.say('del 2')).toBe('deleted 2');
});

test('reaper: signals for more than half a second → it keeps running, and guards its processes', async () => {
  const reaper = bareReaper();
  const guarded = await victim();
  await reaper.say(`add ${guarded.pid} ${guarded.startTime}`);
  const code = new Promise((resolve) => reaper.child.once('exit', resolve));
  for (let signals = 0; signals < 8; signals += 1) {
    reaper.child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  reaper.child.stdin?.end();
  expect(await code).toBe(0);
  expect(isAlive(guarded)).toBe(false);
});

test('reaper: dies → the lab starts it again and reports all processes to it', async () => {
  const guarded = await victim();
  const troubles: string[] = [];
  const reaper = startReaper({
    program: bundle.file('reaper'),
    runId: 'test-reaper',
    onTrouble: (m) => troubles.push(m),
  });
  try {
    reaper.add(guarded);
    await until('it is guarded', () => reaper.guards(guarded.pid));
    const first = reaper.pid() ?? 0;
    process.kill(first, 'SIGKILL');
    await until('the reaper is missed', () => !reaper.guards(guarded.pid) || reaper.pid() !== first);
    await until('another guards it', () => reaper.guards(guarded.pid) && reaper.pid() !== first);
    expect(troubles).toHaveLength(1);
    reaper.remove(guarded.pid);
    await until('it is guarded no more', () => !reaper.guards(guarded.pid));
  } finally {
    const pid = reaper.pid() ?? 0;
    await reaper.close();
    expect(readProcess(pid)?.state ?? 'gone').toMatch(/gone|Z/);
  }
  expect(isAlive(guarded)).toBe(true);
});
