/** The lock of `npm start`: a start that waits names the holder, who writes its pid a moment after it took the lock. */
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

test('lock: taken, its pid not written yet → the waiting start names it once it is', async () => {
  mkdirSync(join(root, 'out'));
  const lock = join(root, 'out', 'setup-lock');
  writeFileSync(lock, '');
  const onWait = vi.fn<(pid: string) => void>(() => rmSync(lock));
  const done = aloneInSetup(root, onWait, async () => 'done');
  writeFileSync(lock, String(process.pid));
  expect(await done).toBe('done');
  expect(onWait.mock.calls).toEqual([[String(process.pid)]]);
});
