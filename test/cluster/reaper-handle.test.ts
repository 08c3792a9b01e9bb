/**
 * The lab survives a reaper that cannot be started: without free file descriptors, Node returns a child without pipes.
 */
import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import { startReaper } from '../../src/cluster/processes/reaper-handle.ts';

const spawned: EventEmitter[] = [];
vi.mock('node:child_process', async (original) => ({
  ...(await original<typeof import('node:child_process')>()),
  spawn: () => {
    const child = new EventEmitter();
    spawned.push(child);
    return child;
  },
}));

test('reaper: cannot be started → reported, and started again', async () => {
  const troubles: string[] = [];
  const reaper = startReaper({ program: 'none', runId: 'run', onTrouble: (message) => troubles.push(message) });
  reaper.add({ pid: 4711, startTime: '1' });
  spawned[0]?.emit('error', new Error('spawn EMFILE'));
  expect(troubles).toEqual(['the reaper ended (spawn EMFILE) and is started again']);
  await expect.poll(() => spawned.length).toBe(2);
  expect(reaper.guards(4711)).toBe(false);
  await reaper.close();
});

test('reaper on Windows: started → no process, guards no pid', async () => {
  const platform = vi.spyOn(process, 'platform', 'get').mockReturnValue('win32');
  const before = spawned.length;
  const reaper = startReaper({ program: 'none', runId: 'run', onTrouble: () => undefined });
  reaper.add({ pid: 4711, startTime: '' });
  expect([spawned.length - before, reaper.pid(), reaper.guards(4711)]).toEqual([0, null, false]);
  await reaper.close();
  platform.mockRestore();
});
