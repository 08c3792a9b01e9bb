/** The lock of `npm start`: a waiting start names the holder, which writes its pid shortly after it took the lock. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { script } from './scripts.ts';

const { aloneInSetup } = await script<{
  aloneInSetup<Value>(root: string, onWait: (pid: string) => void, act: () => Promise<Value>): Promise<Value>;
}>('setup-lock.mjs');

const root = mkdtempSync(join(tmpdir(), 'raft-lab-setup-lock-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('lock: held, pid not written yet → the waiting start names the pid once it is written', async () => {
  mkdirSync(join(root, 'out'));
  const lock = join(root, 'out', 'setup-lock');
  writeFileSync(lock, '');
  const onWait = vi.fn<(pid: string) => void>(() => rmSync(lock));
  const done = aloneInSetup(root, onWait, async () => 'done');
  writeFileSync(lock, String(process.pid));
  expect(await done).toBe('done');
  expect(onWait.mock.calls).toEqual([[String(process.pid)]]);
});
