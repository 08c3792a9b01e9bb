/** Locks on run folders and data folders. A lock names its holder, and the lock of a dead holder is taken over. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Place, thisPlace } from '../../src/program/place.ts';
import { readProcess, startTimeOf } from '../../src/program/process-info.ts';
import { holderIn, LOCK_FILE, type LockResult, lockDataFolder, lockHolder, lockRun } from '../../src/recording/lock.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder } from './helpers.ts';

async function release(result: LockResult): Promise<void> {
  if (result.ok) await result.lock.release();
}

async function leaveLock(folder: string, fields: Record<string, unknown>): Promise<void> {
  const holder = { pid: process.pid, startTime: 'never', token: 'old', takenAt: 'before', ...fields };
  await writeFile(join(folder, LOCK_FILE), JSON.stringify(holder));
}

async function datePast(folder: string, seconds: number): Promise<void> {
  const date = Date.now() / 1_000 - seconds;
  await utimes(join(folder, LOCK_FILE), date, date);
}

test('lock: held → the second caller gets the holder; released → free', async () => {
  const folder = await temporaryFolder();
  const first = await lockRun(folder);
  expect(first.ok).toBe(true);
  const second = await lockRun(folder);
  expect(second).toMatchObject({ ok: false, holder: { pid: process.pid, state: 'running' } });
  expect(await lockHolder(join(folder, LOCK_FILE))).toMatchObject({ pid: process.pid });
  await release(first);
  const third = await lockRun(folder);
  expect(third.ok).toBe(true);
  await release(first);
  expect((await lockRun(folder)).ok).toBe(false);
  await release(third);
  expect(await readdir(folder)).toEqual([]);
});

test('lock: same pid with another start time → stale, taken over', async () => {
  const folder = await temporaryFolder();
  await leaveLock(folder, {});
  const result = await lockRun(folder);
  expect(result.ok).toBe(true);
  expect(JSON.parse(await readFile(join(folder, LOCK_FILE), 'utf8')).startTime).toBe(startTimeOf(process.pid));
  expect(await readdir(folder)).toEqual([LOCK_FILE]);
  await release(result);
});

test('lock: holder running or stopped → refused; holder dead → taken over', async () => {
  const folder = await temporaryFolder();
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  try {
    await once(child, 'spawn');
    const pid = child.pid ?? expect.fail('no pid');
    await leaveLock(folder, { pid, startTime: startTimeOf(pid) });
    expect(await lockRun(folder)).toMatchObject({ ok: false, holder: { pid, takenAt: 'before', state: 'running' } });
    child.kill('SIGSTOP');
    await until('it is stopped', () => readProcess(pid)?.state === 'T');
    expect(await lockRun(folder)).toMatchObject({ ok: false, holder: { pid, state: 'stopped' } });
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  const result = await lockRun(folder);
  expect(result.ok).toBe(true);
  await release(result);
});

const ELSEWHERE: readonly (readonly [string, Partial<Place>])[] = [
  ['host', { host: 'another-computer' }],
  ['start of the computer', { boot: '2026-11-01T00:00:00.000Z' }],
  ['PID namespace', { pidNamespace: 'pid:[1]' }],
];

test.each(ELSEWHERE)('holder in another %s, last beat 20 s ago → refused with the holder', async (_what, other) => {
  const folder = await temporaryFolder();
  const place = { ...thisPlace(), ...other };
  await leaveLock(folder, { pid: 1, startTime: 'never', place });
  await datePast(folder, 20);
  const seenAt = new Date((await stat(join(folder, LOCK_FILE))).mtimeMs).toISOString();
  const holder = { pid: 1, place, state: 'elsewhere', seenAt };
  expect(await lockRun(folder)).toMatchObject({ ok: false, holder });
  expect(await lockHolder(join(folder, LOCK_FILE))).toMatchObject(holder);
  expect(await readdir(folder)).toEqual([LOCK_FILE]);
});

test.each(ELSEWHERE)('holder in another %s, last beat 40 s ago or ahead → taken over', async (_what, other) => {
  const folder = await temporaryFolder();
  for (const seconds of [40, -40]) {
    // The pid is that of this test, but the different place makes it a process elsewhere.
    const place = { ...thisPlace(), ...other };
    await leaveLock(folder, { startTime: startTimeOf(process.pid), place });
    await datePast(folder, seconds);
    expect(await holderIn(folder)).toMatchObject({ state: 'left-elsewhere' });
    expect(await lockHolder(join(folder, LOCK_FILE))).toBeNull();
    const result = await lockRun(folder);
    expect(result.ok).toBe(true);
    await release(result);
    expect(await readdir(folder)).toEqual([]);
  }
});

/** Takes the lock of a folder. `beat` performs the next beat. */
async function takenByHand(folder: string) {
  let beat: () => Promise<void> = () => expect.fail('no beat is scheduled');
  const result = await lockRun(folder, (work) => {
    beat = work;
    return () => undefined;
  });
  if (!result.ok) throw new Error('held by somebody else');
  return { lock: result.lock, beat: () => beat() };
}

test('lock: beat → the file gets the present time, its content stays', async () => {
  const folder = await temporaryFolder();
  const { lock, beat } = await takenByHand(folder);
  const file = join(folder, LOCK_FILE);
  const content = await readFile(file, 'utf8');
  expect(JSON.parse(content).place).toEqual(thisPlace());
  await datePast(folder, 40);
  const before = Date.now();
  await beat();
  expect((await stat(file)).mtimeMs).toBeGreaterThan(before - 2_000);
  expect(await readFile(file, 'utf8')).toBe(content);
  await lock.release();
});

test('lock: taken over elsewhere → lost at the next beat; the other lock stays', async () => {
  const folder = await temporaryFolder();
  const { lock, beat } = await takenByHand(folder);
  let lost = 0;
  lock.onLost(() => {
    lost += 1;
  });
  await beat();
  expect(lost).toBe(0);
  await rm(join(folder, LOCK_FILE));
  await leaveLock(folder, { place: { ...thisPlace(), host: 'another-computer' } });
  const other = await readFile(join(folder, LOCK_FILE), 'utf8');
  await beat();
  expect(lost).toBe(1);
  await lock.release();
  expect(await readFile(join(folder, LOCK_FILE), 'utf8')).toBe(other);
});

test.each([
  ['lock', 'in the past', -3_600],
  ['lock', 'in the future', 3_600],
  ['lock.clearing', 'in the past', -3_600],
  ['lock.clearing', 'in the future', 3_600],
])('lock: empty %s with a time %s → left by a crash, taken over', async (name, _when, seconds) => {
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

test('lock: eight callers at once on a stale lock → exactly one gets it', async () => {
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

test('startTimeOf: exited process → null', async () => {
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
  await once(child, 'exit');
  expect(startTimeOf(child.pid ?? expect.fail('no pid'))).toBeNull();
  expect(startTimeOf(process.pid)).toBe(readProcess(process.pid)?.startTime);
});
