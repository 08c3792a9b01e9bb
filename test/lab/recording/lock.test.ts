/** One lab on a folder: the lock names its holder, and a dead holder is taken over. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readProcess, startTimeOf } from '../../../src/lab/processes/process-info.ts';
import { LOCK_FILE, type LockResult, lockDataFolder, lockHolder, lockRun } from '../../../src/lab/recording/lock.ts';
import { temporaryFolder } from './helpers.ts';

async function release(result: LockResult): Promise<void> {
  if (result.ok) await result.lock.release();
}

async function leaveLock(folder: string, fields: Record<string, unknown>): Promise<void> {
  const holder = { pid: process.pid, startTime: 'never', token: 'old', takenAt: 'before', ...fields };
  await writeFile(join(folder, LOCK_FILE), JSON.stringify(holder));
}

test('the second is told who holds it; after the release it is free', async () => {
  const folder = await temporaryFolder();
  const first = await lockRun(folder);
  expect(first.ok).toBe(true);
  const second = await lockRun(folder);
  expect(second).toMatchObject({ ok: false, holder: expect.stringContaining(`process ${process.pid}`) });
  expect(await lockHolder(join(folder, LOCK_FILE))).toMatchObject({ pid: process.pid });
  await release(first);
  const third = await lockRun(folder);
  expect(third.ok).toBe(true);
  await release(first);
  expect((await lockRun(folder)).ok).toBe(false);
  await release(third);
  expect(await readdir(folder)).toEqual([]);
});

test('a pid that started at another time is another process: its lock is stale', async () => {
  const folder = await temporaryFolder();
  await leaveLock(folder, {});
  const result = await lockRun(folder);
  expect(result.ok).toBe(true);
  expect(JSON.parse(await readFile(join(folder, LOCK_FILE), 'utf8')).startTime).toBe(startTimeOf(process.pid));
  expect(await readdir(folder)).toEqual([LOCK_FILE]);
  await release(result);
});

test('a holder that is dead is taken over; alive, it keeps the lock', async () => {
  const folder = await temporaryFolder();
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  try {
    await once(child, 'spawn');
    const pid = child.pid ?? expect.fail('no pid');
    await leaveLock(folder, { pid, startTime: startTimeOf(pid) });
    expect(await lockRun(folder)).toMatchObject({ ok: false, holder: `process ${pid}, since before` });
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  const result = await lockRun(folder);
  expect(result.ok).toBe(true);
  await release(result);
});

test.each([
  ['lock', 'of the past', -3_600],
  ['lock', 'of the future', 3_600],
  ['lock.clearing', 'of the past', -3_600],
  ['lock.clearing', 'of the future', 3_600],
])('an empty %s %s was left by a crash → the folder is free', async (name, _when, seconds) => {
  const folder = await temporaryFolder();
  await leaveLock(folder, {});
  await writeFile(join(folder, name), '');
  const date = Date.now() / 1_000 + seconds;
  await utimes(join(folder, name), date, date);
  const result = await lockRun(folder);
  expect(result.ok).toBe(true);
  await release(result);
  expect(await readdir(folder)).toEqual([]);
});

test('of many that come at once to a stale lock exactly one gets it, time after time', async () => {
  const dataFolder = join(await temporaryFolder(), 'data');
  await release(await lockDataFolder(dataFolder));
  for (let round = 0; round < 20; round += 1) {
    await leaveLock(dataFolder, {});
    const results = await Promise.all([...Array(8)].map(() => lockDataFolder(dataFolder)));
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    for (const result of results) await release(result);
    expect(await readdir(dataFolder)).toEqual([]);
  }
});

test('a process that is gone has no start time', async () => {
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
  await once(child, 'exit');
  expect(startTimeOf(child.pid ?? expect.fail('no pid'))).toBeNull();
  expect(startTimeOf(process.pid)).toBe(readProcess(process.pid)?.startTime);
});
