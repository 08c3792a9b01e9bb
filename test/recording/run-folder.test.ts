/**
 * Run folders are private and complete when they are made. The list shows unreadable runs with their problem, and a
 * request cannot name another path.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sweepSurvivors } from '../../src/cluster/processes/survivors.ts';
import { atomicFile } from '../../src/program/atomic-file.ts';
import { lockRun } from '../../src/recording/lock.ts';
import { readManifest } from '../../src/recording/manifest.ts';
import { createRunFolder, findRun, listRuns, runPaths, serverFolder } from '../../src/recording/run-folder.ts';
import { settings } from '../core/trace/story.ts';
import { temporaryFolder } from './helpers.ts';

test('run folder: made → private, with the settings, without user name, host and paths', async () => {
  const dataFolder = await temporaryFolder();
  const now = new Date('2026-11-23T20:23:28.500Z');
  const { runId, folder } = await createRunFolder({ dataFolder, settings, raftLab: '0.1.0', now });
  expect(runId).toMatch(/^2026-11-23T20-23-28-[0-9a-f]{4}$/);
  const modes = [folder, serverFolder(folder, 'S5'), join(folder, 'manifest.json')].map(async (path) => {
    return ((await stat(path)).mode & 0o777).toString(8);
  });
  if (process.platform !== 'win32') expect(await Promise.all(modes)).toEqual(['700', '700', '600']);
  const read = await readManifest(folder);
  expect(read).toMatchObject({ ok: true, manifest: { runId, settings, seed: 7, raftLab: '0.1.0', format: 1 } });
  const text = await readFile(join(folder, 'manifest.json'), 'utf8');
  for (const private_ of [homedir(), hostname(), dataFolder]) expect(text).not.toContain(private_);
  expect(Object.values(JSON.parse(text).machine)).not.toContain(userInfo().username);
  expect((await readdir(folder)).sort()).toEqual(['manifest.json', 'servers']);
});

test('runs: good, damaged and live ones → newest first, damaged ones with their problem', async () => {
  const dataFolder = await temporaryFolder();
  expect(await listRuns(dataFolder)).toEqual([]);
  const make = async (second: number) => {
    const now = new Date(Date.UTC(2026, 10, 23, 20, 23, second));
    const run = await createRunFolder({ dataFolder, settings, raftLab: '0.1.0', now });
    await writeFile(runPaths(run.folder).events, 'x'.repeat(second));
    return run;
  };
  const [good, torn, empty, other, live] = [await make(1), await make(2), await make(3), await make(4), await make(5)];
  await writeFile(join(torn.folder, 'manifest.json'), '{"format":1,');
  await writeFile(join(empty.folder, 'manifest.json'), '{}');
  await writeFile(join(other.folder, 'manifest.json'), await readFile(join(good.folder, 'manifest.json')));
  await mkdir(join(dataFolder, 'runs', 'not a run'));
  const lock = await lockRun(live.folder);
  const runs = await listRuns(dataFolder);
  expect(runs.map((run) => [run.runId, run.ok, run.live, run.bytes])).toEqual([
    [live.runId, true, true, 5],
    [other.runId, false, false, 4],
    [empty.runId, false, false, 3],
    [torn.runId, false, false, 2],
    [good.runId, true, false, 1],
  ]);
  expect((await listRuns(dataFolder, 2)).map(({ runId }) => runId)).toEqual([live.runId, other.runId]);
  expect(runs[1]?.problem).toContain(good.runId);
  expect(runs[2]?.problem).toContain('format');
  expect(runs[3]?.problem).toContain('manifest.json');
  expect(runs[3]?.startedAt).toBe('2026-11-23T20:23:02.000Z');
  if (lock.ok) await lock.lock.release();
  expect((await listRuns(dataFolder))[0]?.live).toBe(false);
});

test('runs: file among them or unreadable files → listed with their problem', async () => {
  const dataFolder = await temporaryFolder();
  const make = async (second: number) => {
    const now = new Date(Date.UTC(2026, 0, 2, 0, 0, second));
    const run = await createRunFolder({ dataFolder, settings, raftLab: '0.1.0', now });
    await writeFile(runPaths(run.folder).events, '');
    return run;
  };
  const [lockedOut, noManifest, whole] = [await make(1), await make(2), await make(3)];
  await mkdir(runPaths(lockedOut.folder).lock);
  await rm(join(noManifest.folder, 'manifest.json'));
  await mkdir(join(noManifest.folder, 'manifest.json'));
  const file = '2026-01-01T00-00-00-abcd';
  await writeFile(join(dataFolder, 'runs', file), '');
  expect((await listRuns(dataFolder)).map(({ runId, ok, problem }) => [runId, ok, problem])).toEqual([
    [whole.runId, true, ''],
    [noManifest.runId, false, 'manifest.json is not a regular file'],
    [lockedOut.runId, true, ''],
    [file, false, 'manifest.json cannot be read (ENOTDIR)'],
  ]);
  const next = await make(4);
  expect((await listRuns(dataFolder))[0]?.runId).toBe(next.runId);
});

test('runs: one made under a clock years ahead → a later run is still the newest', async () => {
  const dataFolder = await temporaryFolder();
  const make = async (date: string): Promise<string> => {
    const run = await createRunFolder({ dataFolder, settings, raftLab: '0.1.0', now: new Date(date) });
    await writeFile(runPaths(run.folder).events, '');
    return run.runId;
  };
  const ids = [
    await make('2026-11-23T20:00:00Z'),
    await make('2040-01-01T00:00:00Z'),
    await make('2026-11-23T21:00:00Z'),
  ];
  const listed = async () => (await listRuns(dataFolder)).map(({ runId }) => runId);
  expect(await listed()).toEqual([...ids].reverse());
  // A run whose lab died while making it has no number, only the time in its name.
  const half = '2026-11-23T21-30-00-abcd';
  await mkdir(join(dataFolder, 'runs', half));
  expect(await listed()).toEqual([half, ids[2], ids[1], ids[0]]);
  const reset = await make('1970-01-01T00:00:00Z');
  expect((await listed()).filter((runId) => runId !== half)).toEqual([reset, ids[2], ids[1], ids[0]]);
});

test('runs: made without numbers → older than numbered ones, newest first', async () => {
  const dataFolder = await temporaryFolder();
  const make = (date: string) => createRunFolder({ dataFolder, settings, raftLab: '0.1.0', now: new Date(date) });
  const old = [
    await make('2040-01-01T00:00:00Z'),
    await make('2026-01-01T00:00:00Z'),
    await make('2026-02-01T00:00:00Z'),
  ];
  for (const { folder } of old) {
    const { number: _, ...manifest } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  }
  const next = await make('2026-03-01T00:00:00Z');
  expect(next.manifest.number).toBe(1);
  expect((await listRuns(dataFolder)).map(({ runId }) => runId)).toEqual([
    next.runId,
    ...[old[0], old[2], old[1]].map((run) => run?.runId),
  ]);
});

test.skipIf(process.platform === 'win32')(
  'runs: files of a run are pipes → listed without blocking; the next run is made',
  async () => {
    const dataFolder = await temporaryFolder();
    const make = () => createRunFolder({ dataFolder, settings, raftLab: '0.1.0' });
    const piped = async (file: (folder: string) => string): Promise<string> => {
      const { runId, folder } = await make();
      await writeFile(runPaths(folder).events, '');
      await rm(file(folder), { force: true });
      execFileSync('mkfifo', [file(folder)]);
      return runId;
    };
    const manifest = await piped((folder) => join(folder, 'manifest.json'));
    const lock = await piped((folder) => runPaths(folder).lock);
    const listed = new Map((await listRuns(dataFolder)).map((run) => [run.runId, run]));
    expect(listed.get(manifest)).toMatchObject({ ok: false, problem: 'manifest.json is not a regular file' });
    expect(listed.get(lock)).toMatchObject({ ok: true, live: false });
    await expect(sweepSurvivors(join(dataFolder, 'runs'), () => undefined)).resolves.toEqual([]);
    expect((await make()).manifest.number).toBe(2);
  },
);

test('findRun: name that is not a run id → null', async () => {
  const dataFolder = await temporaryFolder();
  const { runId, folder } = await createRunFolder({ dataFolder, settings, raftLab: '0.1.0' });
  expect(await findRun(dataFolder, runId)).toBe(folder);
  for (const name of ['', '..', `../runs/${runId}`, `${runId}/`, '2026-11-23T20-23-28-0000']) {
    expect(await findRun(dataFolder, name)).toBeNull();
  }
});

test('atomic file: replaced → old or new content, and no temporary file', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'a.json');
  const adapter = atomicFile<{ n: number }>(file);
  expect(await adapter.read()).toBeNull();
  await adapter.write({ n: 1 });
  await adapter.write({ n: 2 });
  expect(await adapter.read()).toEqual({ n: 2 });
  await mkdir(join(folder, 'b.json'));
  await expect(atomicFile(join(folder, 'b.json')).write({})).rejects.toThrow();
  expect((await readdir(folder)).sort()).toEqual(['a.json', 'b.json']);
});
