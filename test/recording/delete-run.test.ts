/**
 * Deleting a recording removes all of it or nothing. A run that a lab has open and the target of a link are never
 * deleted.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deleteRun } from '../../src/recording/delete-run.ts';
import { lockRun } from '../../src/recording/lock.ts';
import { createRunFolder } from '../../src/recording/run-folder.ts';
import { settings } from '../core/trace/story.ts';
import { temporaryFolder } from './helpers.ts';

const NAME = '2026-01-01T00-00-00-abcd';

test('delete: one of two runs → only that run and the remains of an earlier crash are removed', async () => {
  const dataFolder = await temporaryFolder();
  const runs = join(dataFolder, 'runs');
  const one = await createRunFolder({ dataFolder, settings, raftLab: '0.1.0' });
  const other = await createRunFolder({ dataFolder, settings, raftLab: '0.1.0' });
  await mkdir(join(runs, `.deleted-${NAME}`, 'servers'), { recursive: true });
  expect(await deleteRun(dataFolder, one.runId)).toBe('deleted');
  expect(await readdir(runs)).toEqual([other.runId]);
  expect(await deleteRun(dataFolder, one.runId)).toBe('unknown');
});

test('delete: run open in a lab → refused with its holder; no file is touched', async () => {
  const dataFolder = await temporaryFolder();
  const { runId, folder } = await createRunFolder({ dataFolder, settings, raftLab: '0.1.0' });
  const lock = await lockRun(folder);
  const before = await readdir(folder);
  expect(await deleteRun(dataFolder, runId)).toMatchObject({ ok: false, holder: { pid: process.pid } });
  expect(await readdir(folder)).toEqual(before);
  if (lock.ok) await lock.lock.release();
  expect(await deleteRun(dataFolder, runId)).toBe('deleted');
});

test('delete: file or link with a run id as its name → removed; the link’s target stays', async () => {
  const dataFolder = await temporaryFolder();
  const file = join(dataFolder, 'runs', NAME);
  await mkdir(join(dataFolder, 'runs'));
  await writeFile(file, '');
  expect(await deleteRun(dataFolder, NAME)).toBe('deleted');
  const elsewhere = await temporaryFolder();
  await writeFile(join(elsewhere, 'precious'), '');
  if (process.platform === 'win32') return;
  await symlink(elsewhere, file);
  expect(await deleteRun(dataFolder, NAME)).toBe('deleted');
  expect([existsSync(file), await readdir(elsewhere)]).toEqual([false, ['precious']]);
});

test('delete: name that is not a run id → unknown; no path is deleted', async () => {
  const dataFolder = await temporaryFolder();
  const { runId } = await createRunFolder({ dataFolder, settings, raftLab: '0.1.0' });
  for (const name of ['', '.', '..', `../runs/${runId}`, `${runId}/servers`]) {
    expect(await deleteRun(dataFolder, name)).toBe('unknown');
  }
  expect(await readdir(join(dataFolder, 'runs'))).toEqual([runId]);
});
