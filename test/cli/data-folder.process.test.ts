/** The terminal program and its data folder: relative folders, no home folder, and recordings of earlier versions. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, type RunSummary } from '../../src/core/lab-api/index.ts';
import { saveSettings } from '../../src/lab/settings-file.ts';
import { createRunFolder } from '../../src/recording/run-folder.ts';
import { sealedLine } from '../../src/recording/trace-line.ts';
import { settings } from '../core/trace/story.ts';
import { top } from '../scripts/scripts.ts';

const program = join(top, 'out', 'main', 'cli.js');
let folder: string;

beforeEach(({ skip }) => {
  if (!existsSync(program)) skip('out/main/cli.js is not built; npm test builds it first');
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-cli-folder-'));
});
afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

type Env = Readonly<Record<string, string>>;

/** Starts a command in the test's folder with this environment alone. */
async function run(env: Env, ...args: readonly string[]) {
  const all = { PATH: process.env.PATH, LC_ALL: 'en_US.UTF-8', ...env };
  const child = spawn(process.execPath, [program, ...args], {
    env: all,
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

const SCENARIO = `name: Own
title: { en: My own, zh: 我的 }
cluster: { servers: 3, mode: production }
steps:
  - submit: set x 5
  - checkOneLeader: L
  - kill: L
  - submit: get x
`;

test.each<[string, Env, string]>([
  ['RAFT_LAB_DATA_DIR', { RAFT_LAB_DATA_DIR: 'here' }, 'here'],
  ['HOME', { HOME: 'ada' }, join('ada', '.local', 'share', 'raft-lab')],
])('data folder: relative %s → one absolute folder, and a working cluster', async (_name, env, place) => {
  if (process.platform !== 'linux') return;
  writeFileSync(join(folder, 'own.yaml'), SCENARIO);
  const played = await run(env, 'scenario', 'run', 'own.yaml', '--json');
  expect(played.code, played.stderr + played.stdout).toBe(0);
  const [{ runId }] = JSON.parse(played.stdout);
  const runFolder = join(folder, place, 'runs', runId);
  for (const server of ['S1', 'S2', 'S3']) {
    // A server that is killed in the middle of a write leaves its temporary file.
    const names = readdirSync(join(runFolder, 'servers', server)).filter((name) => !name.endsWith('.tmp'));
    expect(names.sort()).toEqual(['log', 'state.json', 'stderr.log', 'stdout.log']);
  }
  const judged = await run(env, 'check', runId);
  expect(judged.code, judged.stdout + judged.stderr).toBe(0);
});

test('data folder: no home folder → --data works; without it a sentence names the option', async () => {
  const env = { HOME: '', LOCALAPPDATA: '', USERPROFILE: '' };
  const { runId } = await createRunFolder({ dataFolder: join(folder, 'data'), settings, raftLab: '0.1.0' });
  const named = await run(env, 'runs', '--data', 'data');
  expect([named.code, named.stdout]).toEqual([0, expect.stringContaining(runId)]);
  const unnamed = await run(env, 'runs');
  expect([unnamed.code, unnamed.stderr]).toEqual([3, expect.stringContaining('RAFT_LAB_DATA_DIR or --data')]);
  const history = join(folder, 'history.json');
  writeFileSync(history, 'no history');
  const checked = await run(env, 'check', history, '--format', 'porcupine-kv');
  expect(checked.stderr).not.toContain('RAFT_LAB_DATA_DIR');
  expect((await run(env, 'scenario', 'list')).code).toBe(0);
});

test('runs: recordings of an earlier version → listed, and reported once', async () => {
  if (process.platform !== 'linux') return;
  const earlier = join(folder, '.config', 'raft-lab');
  const { runId } = await createRunFolder({ dataFolder: earlier, settings, raftLab: '0.1.0' });
  const env = { HOME: folder, LC_ALL: 'zh_CN.UTF-8' };
  const first = await run(env, 'runs', '--json');
  expect(JSON.parse(first.stdout)).toMatchObject([{ runId }]);
  expect(first.stderr).toContain(`早期版本的录制：1 个已从 ${earlier} 移走`);
  const second = await run(env, 'runs', '--json');
  expect([JSON.parse(second.stdout).length, second.stderr]).toEqual([1, '']);
});

test('data folder: in /proc, not writable → each command ends with a sentence', async () => {
  if (process.platform !== 'linux') return;
  const env = { RAFT_LAB_DATA_DIR: '/proc/raft-lab' };
  const tour = await run(env, 'scenario', 'run', 'Tour');
  expect([tour.code, tour.stderr]).toEqual([3, expect.stringContaining("'/proc/raft-lab'")]);
  expect((await run(env, 'doctor')).stdout).toContain('✗ Data folder: /proc/raft-lab');
});

test('runs: more folders than descriptors, one of them a file → every whole run is listed', async ({ skip }) => {
  skip(process.platform === 'win32', 'Windows has no such limit');
  const { runId: first, manifest } = await createRunFolder({ dataFolder: folder, settings, raftLab: '0.1.0' });
  for (let at = 0; at < 400; at += 1) {
    const runId = `2026-01-01T00-00-00-${at.toString(16).padStart(4, '0')}`;
    mkdirSync(join(folder, 'runs', runId));
    writeFileSync(join(folder, 'runs', runId, 'manifest.json'), JSON.stringify({ ...manifest, runId, number: at + 2 }));
    writeFileSync(join(folder, 'runs', runId, 'events.jsonl'), '');
  }
  writeFileSync(join(folder, 'runs', first, 'events.jsonl'), '');
  writeFileSync(join(folder, 'runs', '2026-01-01T00-00-00-abcd'), '');
  const args = [process.execPath, program, 'runs', '--json', '--data', folder];
  const listed = spawnSync('sh', ['-c', 'ulimit -n 128; exec "$@"', 'sh', ...args], { encoding: 'utf8' });
  expect(listed.status, listed.stderr).toBe(0);
  const all = JSON.parse(listed.stdout) as readonly RunSummary[];
  expect(all).toHaveLength(402);
  expect(all.filter(({ ok }) => !ok).map(({ runId }) => runId)).toEqual(['2026-01-01T00-00-00-abcd']);
});

test('runs delete: a run → deleted; unknown run, no run, unknown verb → its exit code', async () => {
  const { runId } = await createRunFolder({ dataFolder: folder, settings, raftLab: '0.1.0' });
  const runs = (...args: readonly string[]) => run({}, 'runs', ...args, '--data', folder);
  const deleted = await runs('delete', runId);
  expect([deleted.code, deleted.stdout]).toEqual([0, `deleted: ${runId}\n`]);
  expect(readdirSync(join(folder, 'runs'))).toEqual([]);
  const again = await runs('delete', runId);
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining(`There is no run ${runId}`)]);
  for (const args of [['delete'], ['remove', runId], ['rename', runId], ['keep', 'all'], ['delete', runId, runId]]) {
    const wrong = await runs(...args);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('runs delete RUN')]);
  }
});

test('runs: renamed, noted → in the list; keep → asks, and --yes deletes', async () => {
  const runs = (...args: readonly string[]) => run({}, 'runs', ...args, '--data', folder);
  const runIds: string[] = [];
  for (let at = 0; at < 3; at += 1) {
    const made = await createRunFolder({ dataFolder: folder, settings, raftLab: '0.1.0', scenario: 'Tour' });
    const begun = { event: 'RunStarted', traceVersion: made.manifest.traceVersion, settings };
    const first = { seq: 1, timeUs: 0, source: 'lab', nseq: 1, life: 1, ...begun };
    writeFileSync(join(made.folder, 'events.jsonl'), sealedLine(JSON.stringify(first)));
    runIds.push(made.runId);
  }
  const [oldest = '', middle = '', newest = ''] = runIds;
  expect(await runs('rename', oldest, 'for \u001b[31mthe talk')).toMatchObject({ code: 1 });
  expect(await runs('rename', oldest, 'for the talk')).toMatchObject({ code: 0 });
  expect(await runs('note', oldest, 'S3 dies twice')).toMatchObject({ code: 0 });
  const listed = await runs();
  expect(listed.stdout.split('\n')[2]).toMatch(/incomplete +for the talk · Tour · 5 servers/);
  const asked = await runs('keep', '1');
  expect([asked.code, asked.stderr]).toEqual([1, expect.stringContaining('1 recording would be deleted')]);
  expect(readdirSync(join(folder, 'runs'))).toHaveLength(3);
  expect(await runs('keep', '1', '--yes')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('deleted: 1 recording'),
  });
  expect(readdirSync(join(folder, 'runs')).toSorted()).toEqual([oldest, newest].toSorted());
  expect(middle).not.toBe('');
});

describe('data folder: chosen in the settings', () => {
  let chosen: string;
  let env: Env;

  beforeEach(({ skip }) => {
    if (process.platform !== 'linux') skip('the usual folder of this test is that of Linux');
    chosen = join(folder, 'chosen');
    env = { HOME: folder };
    const usual = join(folder, '.local', 'share', 'raft-lab');
    saveSettings(usual, { ...DEFAULT_SETTINGS, dataFolder: chosen });
  });

  const idsOf = async (more: Env, ...args: readonly string[]) => {
    const { stdout, stderr } = await run({ ...env, ...more }, 'runs', '--json', ...args);
    return [JSON.parse(stdout).map(({ runId }: { runId: string }) => runId), stderr];
  };

  test('data folder: chosen → used; RAFT_LAB_DATA_DIR or --data → used instead', async () => {
    const made = async (name: string) =>
      (await createRunFolder({ dataFolder: join(folder, name), settings, raftLab: '0.1.0' })).runId;
    const [inChosen, inNamed, inData] = [await made('chosen'), await made('named'), await made('data')];
    expect(await idsOf({})).toEqual([[inChosen], '']);
    expect(await idsOf({ RAFT_LAB_DATA_DIR: 'named' })).toEqual([[inNamed], '']);
    expect(await idsOf({ RAFT_LAB_DATA_DIR: 'named' }, '--data', 'data')).toEqual([[inData], '']);
  });

  test('data folder: the chosen one is gone → reported, the usual one is read, no folder made', async () => {
    const usual = join(folder, '.local', 'share', 'raft-lab');
    expect(await idsOf({})).toEqual([[], `${chosen} cannot be used (ENOENT); recordings are in ${usual}.\n`]);
    expect((await idsOf({ LC_ALL: 'zh_CN.UTF-8' }))[1]).toBe(`${chosen} 无法使用（ENOENT）；记录在 ${usual}。\n`);
    expect(existsSync(chosen)).toBe(false);
  });
});
