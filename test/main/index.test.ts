/** The window's entry gives run-app.ts the real parts: only `electron` and the lab are stand-ins here. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import type { LabOptions } from '../../src/lab/types.ts';
import { createElectron } from '../helpers/electron.ts';
import { createFakeLab } from '../helpers/fake-lab.ts';

const logs = mkdtempSync(join(tmpdir(), 'raft-lab-entry-'));
const given = vi.hoisted(() => ({ options: null as LabOptions | null, electron: null as unknown }));

vi.mock('electron', () => {
  const electron = createElectron({ logs, languages: ['zh-Hans-CN'] });
  given.electron = electron;
  return electron.parts;
});
vi.mock('../../src/lab/index.ts', async (original) => ({
  ...(await original<object>()),
  createLab: (options: LabOptions) => {
    given.options = options;
    return createFakeLab();
  },
}));

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(logs, { recursive: true, force: true });
});

test('entry: loaded → app starts with the programs beside it, in the person’s language', async () => {
  vi.stubEnv('RAFT_LAB_DATA_DIR', logs);
  const events = ['uncaughtException', 'unhandledRejection', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const before = new Map(events.map((event) => [event, process.listeners(event as 'SIGINT')]));
  await import('../../src/main/index.ts');
  const electron = given.electron as ReturnType<typeof createElectron>;
  await vi.waitFor(() => expect(electron.windows).toHaveLength(1));
  // The app's signal handlers are removed, because they are installed in the test runner's process.
  for (const [event, listeners] of before) {
    for (const listener of process.listeners(event as 'SIGINT')) {
      if (!listeners.includes(listener)) process.off(event, listener);
    }
  }
  expect(basename(given.options?.programs.peer ?? '')).toBe('peer.mjs');
  expect(JSON.stringify(electron.menus.mock.calls[0])).toContain('导出');
  expect(electron.windows[0]?.loadURL).toHaveBeenCalledWith('app://lab/');
});
