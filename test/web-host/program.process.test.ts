/**
 * The browser door as it is shipped: the built program with real servers, which `npm start` runs in its own process. Its output,
 * its start of a live run, and its end, which leaves no process behind.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { LabMode, LabResult } from '../../src/core/lab-api/index.ts';
import { SUBPROTOCOL } from '../../src/web-host/serve.ts';
import { until } from '../helpers/until.ts';
import { script, top } from '../scripts/scripts.ts';

interface Process {
  readonly pid: number;
  readonly words: readonly string[];
}

const { ourProcesses } = await script<{ ourProcesses(): readonly Process[] }>('leftovers.mjs');
const program = join(top, 'out', 'main', 'web-host.js');

let folder: string;
let host: ChildProcess;
let stdout: string;
let stderr: string;

beforeEach(({ skip }) => {
  if (!existsSync(program)) skip('out/main/web-host.js is not built; npm test builds it first');
  if (process.platform !== 'linux') skip('processes are looked for in /proc');
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-door-'));
  stdout = '';
  stderr = '';
  // The program gets its own process group, as in a terminal, so that a test can send Ctrl-C.
  host = spawn(process.execPath, [program], {
    env: { ...process.env, RAFT_LAB_DATA_DIR: folder, LANG: 'en' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  host.stdout?.on('data', (chunk) => (stdout += chunk));
  host.stderr?.on('data', (chunk) => (stderr += chunk));
});

afterEach(() => {
  host?.kill('SIGKILL');
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Adds the program's output to every failure. */
const tellMore = (): string => `\n${stdout}\n${stderr}`;

/** Resolves with the printed address, once stdout holds nothing but this address. */
async function printed(): Promise<URL> {
  const line = await until('the address', () => stdout.includes('\n') && stdout, { tellMore });
  expect(line).toMatch(/^Raft Lab: http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\n$/);
  return new URL(line.slice('Raft Lab: '.length));
}

/** Sends `ready` as the page does, and waits until all five servers run. */
async function startCluster(address: URL): Promise<{ readonly runId: string; readonly socket: WebSocket }> {
  const socket = new WebSocket(`ws://${address.host}/lab`, SUBPROTOCOL, {
    headers: { authorization: `Bearer ${address.searchParams.get('token')}` },
  });
  const mode = await new Promise<LabMode>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => socket.send(JSON.stringify({ id: 1, name: 'ready', ask: { autoStart: true } })));
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as { readonly id?: number; readonly result?: LabResult<LabMode> };
      if (frame.id !== 1 || frame.result === undefined) return;
      if (frame.result.ok) resolve(frame.result.value);
      else reject(new Error(frame.result.error.message));
    });
  });
  if (mode.mode !== 'live') throw new Error(`the mode is ${mode.mode}`);
  const { runId } = mode;
  await until('five servers, the network and the reaper', () => of(runId).length === 7, { tellMore });
  return { runId, socket };
}

function of(runId: string): readonly Process[] {
  return ourProcesses().filter((one) => one.words.includes(runId));
}

const gone = (runId: string): Promise<true> =>
  until('no process left', () => of(runId).length === 0, { withinMs: 5000, tellMore });
const exit = (): Promise<unknown> =>
  new Promise((resolve) => host.on('exit', (code, signal) => resolve(code ?? signal)));

describe('end of the program', () => {
  test('Ctrl-C from the terminal and once more from npm → no process stays', async () => {
    const { runId, socket } = await startCluster(await printed());
    const ended = exit();
    const closed = new Promise((resolve) => socket.on('close', resolve));
    process.kill(-Number(host.pid), 'SIGINT');
    host.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(await closed).toBe(1001);
    expect(of(runId).filter((one) => !one.words.some((word) => word.endsWith('reaper.mjs')))).toEqual([]);
    await gone(runId);
    expect(stderr).toBe('');
  });

  test('second Ctrl-C while a frozen network delays the end → killed at once, exit code 1', async () => {
    const { runId } = await startCluster(await printed());
    const network = of(runId).find(({ words }) => words.includes('--network'));
    if (network === undefined) throw new Error('no network runs');
    process.kill(network.pid, 'SIGSTOP');
    const ended = exit();
    // Signals within the first half second count as one. The lab waits longer than that for the network.
    const again = setInterval(() => host.kill('SIGINT'), 100);
    try {
      expect(await ended).toBe(1);
    } finally {
      clearInterval(again);
    }
    await gone(runId);
  });

  test('kill -9 of the started process → no process stays', async () => {
    const { runId } = await startCluster(await printed());
    const ended = exit();
    host.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    await gone(runId);
  });

  test('terminal closed → no process stays', async () => {
    const { runId } = await startCluster(await printed());
    const ended = exit();
    host.stdout?.destroy();
    host.stderr?.destroy();
    host.kill('SIGHUP');
    expect(await ended).toBe(0);
    await gone(runId);
  });
});

/** @returns exit code and stderr of a lab that must not start */
async function failingStart(words: readonly string[], data: string): Promise<readonly [unknown, string]> {
  const second = spawn(process.execPath, [program, ...words], {
    env: { ...process.env, RAFT_LAB_DATA_DIR: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  second.stderr.on('data', (chunk) => (complaint += chunk));
  const code = await new Promise((resolve) => second.on('close', resolve));
  return [code, complaint];
}

test('start fails → a sentence with the reason, and exit code 1', async () => {
  const { port } = await printed();
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  expect(await failingStart(['--port', port], join(folder, 'second'))).toEqual([
    1,
    `Raft Lab cannot start: port ${port} is taken by another program; choose another one.\n`,
  ]);
  expect(await failingStart(['--port', '6000'], join(folder, 'second'))).toEqual([
    1,
    'Raft Lab cannot start: no browser opens port 6000: choose another one, such as 5173, or none.\n',
  ]);
  const [code, complaint] = await failingStart([], join(file, 'inside'));
  expect([code, complaint]).toEqual([1, expect.stringContaining(file)]);
  expect(complaint).toMatch(/cannot be used \(ENOTDIR\); choose another data folder with RAFT_LAB_DATA_DIR\.\n$/);
  const ended = exit();
  host.kill('SIGTERM');
  expect(await ended).toBe(0);
});

/** Starts the program from another process, as npm does. @returns that process, and the program's address */
async function startedByAnother(words: readonly string[]): Promise<{ owner: ChildProcess; address: URL }> {
  host.kill('SIGKILL');
  const code = `require('node:child_process').spawn(process.execPath, ${JSON.stringify([program, ...words])}, { stdio: 'inherit' })`;
  stdout = '';
  host = spawn(process.execPath, ['-e', code], {
    env: { ...process.env, RAFT_LAB_DATA_DIR: folder, LANG: 'en' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  host.stdout?.on('data', (chunk) => (stdout += chunk));
  host.stderr?.on('data', (chunk) => (stderr += chunk));
  return { owner: host, address: await printed() };
}

const labs = (): readonly Process[] =>
  (ourProcesses() ?? []).filter(({ pid, words }) => words.includes(program) && folderOf(pid) === folder);

function folderOf(pid: number): string | undefined {
  try {
    return /RAFT_LAB_DATA_DIR=([^\0]*)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1];
  } catch {
    // The process ended between the two calls.
    return undefined;
  }
}

describe('its parent process is killed', () => {
  test('parent killed → the lab closes in order, and no process stays', async () => {
    const { owner, address } = await startedByAnother([]);
    const { runId } = await startCluster(address);
    owner.kill('SIGKILL');
    await until('the lab is gone', () => labs().length === 0, { tellMore });
    await gone(runId);
    expect(readFileSync(join(folder, 'runs', runId, 'events.jsonl'), 'utf8')).toContain('"event":"RunEnded"');
  });

  test('parent killed, --detach → the lab continues', async () => {
    const { owner, address } = await startedByAnother(['--detach']);
    const { runId, socket } = await startCluster(address);
    const ended = exit();
    owner.kill('SIGKILL');
    await ended;
    const [lab] = labs();
    // Long enough for two checks of the owner. Nothing may happen in this time.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect([labs().length, socket.readyState]).toEqual([1, WebSocket.OPEN]);
    process.kill(lab?.pid ?? 0, 'SIGTERM');
    await until('the lab is gone', () => labs().length === 0, { tellMore });
    await gone(runId);
  });
});
