/** Managing recordings: names, notes, deletion; and the question before a used live run is closed for another one. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LabProblem } from '../../src/core/lab-api/lab-problem.ts';
import { assertUnused, noteUse } from '../../src/lab/doors/live-use.ts';
import { Recordings } from '../../src/lab/recordings.ts';
import type { WorkspaceState } from '../../src/lab/workspace-state.ts';
import { createRunFolder, listRuns, lockRun, runPaths } from '../../src/recording/index.ts';
import { settings } from '../core/trace/story.ts';
import { temporaryFolder } from '../recording/helpers.ts';

async function folderWith(count: number) {
  const dataFolder = await temporaryFolder();
  const runs: { readonly runId: string; readonly folder: string }[] = [];
  for (let at = 0; at < count; at += 1) {
    const { runId, folder } = await createRunFolder({ dataFolder, settings, raftLab: '0.1.0' });
    await writeFile(runPaths(folder).events, 'x'.repeat(1_000));
    runs.push({ runId, folder });
  }
  let current: WorkspaceState = { mode: 'idle' };
  const recordings = new Recordings({
    dataFolder,
    current: () => current,
    inTurn: (work) => work(),
    putAway: async () => undefined,
  });
  const open = (mode: 'live' | 'past', runId: string): void => {
    current = { mode, reader: { runId } } as unknown as WorkspaceState;
  };
  return { dataFolder, recordings, runs, open, ids: () => runs.map(({ runId }) => runId) };
}

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return await work.catch((problem: unknown) => (problem instanceof LabProblem ? problem.error.code : problem));
}

test('label: name and note → in the list; empty → removed; fields of later versions stay', async () => {
  const { dataFolder, recordings, runs } = await folderWith(1);
  const [{ runId, folder } = expect.fail('no run')] = runs;
  const file = join(folder, 'manifest.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), later: { a: 1 } }));
  await recordings.label({ runId, title: 'for the talk', note: 'two\nlines' });
  expect(await listRuns(dataFolder)).toMatchObject([{ runId, title: 'for the talk', note: 'two\nlines', ok: true }]);
  await recordings.label({ runId, title: '' });
  expect(await listRuns(dataFolder)).toMatchObject([{ title: '', note: 'two\nlines' }]);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ runId, later: { a: 1 } });
  expect((await readdir(folder)).toSorted()).toEqual(['events.jsonl', 'manifest.json', 'servers']);
});

test('label: open elsewhere, damaged or missing → refused; live in this lab → done', async () => {
  const { recordings, runs, open } = await folderWith(2);
  const [{ runId, folder } = expect.fail('no run'), damaged = expect.fail('no run')] = runs;
  const lock = await lockRun(folder);
  expect(await refusal(recordings.label({ runId, title: 'x' }))).toBe('run-locked');
  open('live', runId);
  expect(await recordings.label({ runId, title: 'x' })).toEqual({});
  if (lock.ok) await lock.lock.release();
  await writeFile(join(damaged.folder, 'manifest.json'), '{');
  expect(await refusal(recordings.label({ runId: damaged.runId, title: 'x' }))).toBe('run-damaged');
  expect(await refusal(recordings.label({ runId: '2026-01-01T00-00-00-abcd', title: 'x' }))).toBe('unknown-run');
});

test('keep: n newest → open, named, noted and damaged runs stay as well, uncounted', async () => {
  const { dataFolder, recordings, runs, ids, open } = await folderWith(8);
  const [first, second, named, noted, damaged, openHere, locked, newest] = ids() as [string, ...string[]];
  await recordings.label({ runId: named as string, title: 'x' });
  await recordings.label({ runId: noted as string, note: 'x' });
  await writeFile(join(dataFolder, 'runs', damaged as string, 'manifest.json'), '{');
  const lock = await lockRun(runs[6]?.folder ?? '');
  open('past', openHere as string);
  const found = await recordings.keep({ newest: 1 });
  expect(found).toEqual({ count: 2, bytes: expect.any(Number), first: second, isDone: false });
  expect(found.bytes).toBeGreaterThan(2_000);
  const { count } = found;
  const done = await recordings.keep({ newest: 1, agreed: { count, first: found.first } });
  expect(done).toMatchObject({ count: 2, isDone: true });
  if (lock.ok) await lock.lock.release();
  const left = await readdir(join(dataFolder, 'runs'));
  expect(left.toSorted()).toEqual([named, noted, damaged, openHere, locked, newest].toSorted());
  expect(left).not.toContain(first);
});

test('keep: the list changed since the person agreed → nothing is deleted', async () => {
  const { dataFolder, recordings } = await folderWith(3);
  const { count, first } = await recordings.keep({ newest: 1 });
  const { folder } = await createRunFolder({ dataFolder, settings, raftLab: '0.1.0' });
  await writeFile(runPaths(folder).events, 'x');
  expect(await refusal(recordings.keep({ newest: 1, agreed: { count, first } }))).toBe('runs-changed');
  expect(await readdir(join(dataFolder, 'runs'))).toHaveLength(4);
});

test('opening another run: the live one is unused → allowed; used → refused', () => {
  const live = { mode: 'live', run: {}, reader: { runId: 'R' } } as unknown as WorkspaceState;
  for (const looked of ['events', 'setPace', 'disk', 'heal', 'createRun'] as const) noteUse(live, looked);
  expect(() => assertUnused(live)).not.toThrow();
  noteUse(live, 'submit');
  expect(() => assertUnused(live)).toThrow(new LabProblem('run-in-use', { runId: 'R' }));
  const next = { ...live, run: {} } as unknown as WorkspaceState;
  expect(() => assertUnused(next)).not.toThrow();
  expect(() => assertUnused({ mode: 'idle' })).not.toThrow();
});
