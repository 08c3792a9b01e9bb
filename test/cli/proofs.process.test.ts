/**
 * The proofs as commands of the terminal program: simulation, mutants, soak and course tests. Each ends with an exit
 * code of docs/terminal.md, speaks both languages, prints the command that repeats it, and leaves no process after a
 * signal.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { usageOf } from '../../src/cli/bench/usage.ts';
import { processesOf } from '../helpers/processes-of.ts';
import { until } from '../helpers/until.ts';
import { top } from '../scripts/scripts.ts';

const program = join(top, 'out', 'main', 'cli.js');
let folder: string;
const children: ChildProcess[] = [];

beforeEach(({ skip }) => {
  if (!existsSync(program)) skip('out/main/cli.js is not built; npm test builds it first');
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-proofs-'));
});
afterEach(() => {
  // A test that failed halfway leaves its command running; the command's lab ends with it.
  for (const child of children.splice(0)) child.kill('SIGKILL');
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stderr(): string;
}

/** Starts a command as a shell does, with temporary files and recordings in the test's folder. */
function start(...args: readonly string[]): Started {
  const { npm_lifecycle_event: _script, ...inherited } = process.env;
  const env = { ...inherited, TMPDIR: folder, RAFT_LAB_DATA_DIR: join(folder, 'data'), LC_ALL: 'en_US.UTF-8' };
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  return { child, ended, stderr: () => stderr };
}

const run = (...args: readonly string[]): Promise<Ended> => start(...args).ended;

/** CPU microseconds after which a command has started and computes. */
const COMPUTES_US = 2_000_000;

/** Starts a command that computes in worker threads, and sends SIGINT while it computes. */
async function interrupted(...args: readonly string[]): Promise<Ended> {
  const { child, ended } = start(...args);
  const pid = child.pid ?? 0;
  await until('it computes', () => (usageOf([pid]).get(pid)?.cpuUs ?? 0) > COMPUTES_US, { withinMs: 60_000 });
  child.kill('SIGINT');
  return await ended;
}

describe('simulate', () => {
  test('simulate: seeds → one JSON document without a violation, exit code 0', async () => {
    const { code, stdout, stderr } = await run('simulate', '--seeds', '20', '--steps', '500', '--json');
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, seeds: 20, violations: [] });
  });

  test('simulate: a recorded seed → listed among the runs of the data folder', async () => {
    const { code, stderr } = await run('simulate', '--seed', '5', '--steps', '500', '--record');
    const runId = /^recorded as (\S+)$/m.exec(stderr)?.[1];
    expect([code, readdirSync(join(folder, 'data', 'runs'))]).toEqual([0, [runId]]);
    expect((await run('runs')).stdout).toContain(runId);
  });

  test('simulate: every order within bounds → counted, in the requested language', async () => {
    const { code, stdout } = await run('simulate', '--every-order', 'elections=2', '--lang', 'zh-CN');
    expect([code, stdout]).toEqual([0, expect.stringContaining('每一个状态都遵守每一条承诺')]);
  });

  test.each([
    [['--seed', '5', '--from', '1'], '--seed names one seed, --from the first of many: not both.'],
    [['--record'], '--record keeps one run: name its seed with --seed.'],
  ])('simulate: invalid options %j → a sentence, exit code 2', async (args, sentence) => {
    expect(await run('simulate', ...args)).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` });
  });

  test.each([
    ['simulate', '--seed', '1', '--steps', '99999999'],
    ['simulate', '--every-order', 'elections=3,proposals=2,duplicates=2'],
    ['mutants', '--json'],
  ])('%s %s: Ctrl-C in the middle of a task → exit code 130', async (...args) => {
    if (process.platform !== 'linux') return;
    expect(await interrupted(...args)).toEqual({ code: 130, stdout: '', stderr: 'Interrupted. Once more: at once.\n' });
  });
});

describe('seed-tests', () => {
  test('seed-tests: one test → PASS with its seed, the table, and no recording left', async () => {
    const { code, stdout, stderr } = await run('seed-tests', '--only', 'TestInitialElection', '--seed', '7');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/--- PASS: TestInitialElection \(\d+\.\d\ds\) {2}seed 7\n/);
    expect(stdout).toMatch(/^\| test \| report \(s\).*\n.*\n\| TestInitialElection \| 2\.51 \|.*\| 1 of 1 \|$/m);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    ['--mutant', 'nonsense', 'reply-before-persist'],
    ['--only', 'nonsense', 'TestFigure8'],
  ])('seed-tests: %s %s → refused with the known names, exit code 2', async (option, given, known) => {
    const { code, stdout, stderr } = await run('seed-tests', option, given, '--lang', 'zh-CN');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^nonsense 不是 ${option} 的可选值：.*${known}`));
  });
});

describe('soak', () => {
  /** Options of the shortest possible soak. */
  const short = ['--fill', '0', '--seed', '7'];

  /**
   * Waits for the servers and the network of the soak's run.
   *
   * @returns the run's id, which is on the command line of each process
   */
  async function running(stderr: () => string): Promise<string> {
    return await until(
      'its servers run',
      () => {
        const [lab] = readdirSync(folder).filter((name) => name.startsWith('raft-lab-soak-'));
        const runs = join(folder, lab ?? '', 'runs');
        const [runId] = lab !== undefined && existsSync(runs) ? readdirSync(runs) : [];
        return runId !== undefined && processesOf(runId).length >= 6 && runId;
      },
      { tellMore: stderr },
    );
  }

  test('soak: one kill → valid, prints the command that repeats it, leaves no process', async () => {
    const { code, stdout, stderr } = await run('soak', '--kills', '1', ...short, '--json');
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'valid', seed: 7 });
    const again = 'raft-lab soak --minutes 0 --kills 1 --terms 0 --fill 0 --depose 0 --seed 7';
    expect(stderr).toContain(`seed 7; repeat with: ${again}\n`);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('soak: Ctrl-C → reports after the round, exit code 130; no process left', async () => {
    if (process.platform !== 'linux') return;
    const { child, ended, stderr } = start('soak', ...short);
    const runId = await running(stderr);
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect([code, stdout]).toEqual([130, expect.stringContaining('| verdict | ')]);
    expect(processesOf(runId)).toEqual([]);
  });

  test('soak: two signals → ends at once with exit code 130; no process is left', async () => {
    if (process.platform !== 'linux') return;
    const { child, ended, stderr } = start('soak', ...short);
    const runId = await running(stderr);
    // A signal within half a second of the first one counts as the same request.
    await until('it ends', () => child.exitCode !== null || (child.kill('SIGTERM') && false), { tellMore: stderr });
    expect(await ended).toMatchObject({ code: 130, stdout: '' });
    await until('no process is left', () => processesOf(runId).length === 0);
  });
});
