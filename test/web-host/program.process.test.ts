/**
 * The browser door as it ships: the built program with real servers behind it, which `npm start` runs in its own
 * process. Its one line, its way to a live run, and that no way of ending it leaves a process behind.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
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

const { ourProcesses } = await script<{ ourProcesses(): readonly Process[] | null }>('leftovers.mjs');
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
  // A group of its own, as a terminal gives it, so that a test can press Ctrl-C.
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

/** What it has said belongs to every failure. */
const tellMore = (): string => `\n${stdout}\n${stderr}`;

/** The printed address, and nothing else printed. */
async function printed(): Promise<URL> {
  const line = await until('the address', () => stdout.includes('\n') && stdout, { tellMore });
  expect(line).toMatch(/^Raft Lab: http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\n$/);
  return new URL(line.slice('Raft Lab: '.length));
}

/** Says that the page has painted, as the page does, and waits until all five servers run. */
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
  return (ourProcesses() ?? []).filter((one) => one.words.includes(runId));
}

const gone = (runId: string): Promise<true> =>
  until('no process left', () => of(runId).length === 0, { withinMs: 5000, tellMore });
const exit = (): Promise<unknown> =>
  new Promise((resolve) => host.on('exit', (code, signal) => resolve(code ?? signal)));

describe('no process stays', () => {
  test('after Ctrl-C, which arrives from the terminal and once more from npm', async () => {
    const { runId, socket } = await startCluster(await printed());
    const ended = exit();
    const closed = new Promise((resolve) => socket.on('close', resolve));
    process.kill(-Number(host.pid), 'SIGINT');
    host.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(await closed).toBe(1001);
    expect(of(runId).filter((one) => !one.words.some((word) => word.endsWith('reaper.js')))).toEqual([]);
    await gone(runId);
    expect(stderr).toBe('');
  });

  test('after kill -9 of what the person started', async () => {
    const { runId } = await startCluster(await printed());
    const ended = exit();
    host.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    await gone(runId);
  });

  test('when the terminal is closed', async () => {
    const { runId } = await startCluster(await printed());
    const ended = exit();
    host.stdout?.destroy();
    host.stderr?.destroy();
    host.kill('SIGHUP');
    expect(await ended).toBe(0);
    await gone(runId);
  });
});

test('a port that is taken is a sentence and 1', async () => {
  const { port } = await printed();
  const second = spawn(process.execPath, [program, '--port', port], {
    env: { ...process.env, RAFT_LAB_DATA_DIR: join(folder, 'second') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  second.stderr.on('data', (chunk) => (complaint += chunk));
  const code = await new Promise((resolve) => second.on('close', resolve));
  expect([code, complaint]).toEqual([
    1,
    `Raft Lab cannot start: port ${port} is taken by another program; choose another one.\n`,
  ]);
  const ended = exit();
  host.kill('SIGTERM');
  expect(await ended).toBe(0);
});
