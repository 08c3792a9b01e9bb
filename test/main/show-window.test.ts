/** The window becomes visible on every system, even without `ready-to-show`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runApp } from '../../src/main/run-app.ts';
import { createElectron, type FakeElectron, type FakeWindow } from '../helpers/electron.ts';
import { createFakeLab } from '../helpers/fake-lab.ts';

let folder: string;
let electron: FakeElectron;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-show-'));
  electron = createElectron({ logs: folder });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

async function open(platform: NodeJS.Platform): Promise<FakeWindow> {
  const process = { on: () => undefined, off: () => undefined };
  await runApp(electron.parts, {
    createLab: createFakeLab,
    folder,
    env: { RAFT_LAB_DATA_DIR: folder },
    home: () => folder,
    platform,
    process,
  });
  return electron.windows[0] as FakeWindow;
}

describe('without ready-to-show', () => {
  test('window on Linux: page loaded → shown', async () => {
    const window = await open('linux');
    window.webContents.emit('did-finish-load');
    expect(window.show).toHaveBeenCalledOnce();
  });

  test.each(['win32', 'darwin'] as const)(
    'window on %s: page loaded → not shown before it is painted',
    async (system) => {
      const window = await open(system);
      window.webContents.emit('did-finish-load');
      expect(window.show).not.toHaveBeenCalled();
      window.emit('ready-to-show');
      expect(window.show).toHaveBeenCalledOnce();
    },
  );

  test.each(['linux', 'win32', 'darwin'] as const)('window on %s: page not loaded → shown', async (system) => {
    const window = await open(system);
    window.webContents.emit('did-fail-load');
    expect(window.show).toHaveBeenCalledOnce();
  });

  test('window: no event arrives → shown after four seconds', async () => {
    const window = await open('linux');
    vi.advanceTimersByTime(3_999);
    expect(window.show).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(window.show).toHaveBeenCalledOnce();
  });

  test('window: closed before the limit → left alone', async () => {
    const window = await open('linux');
    window.destroy();
    vi.advanceTimersByTime(10_000);
    expect(window.show).not.toHaveBeenCalled();
  });
});

test('window: all events arrive → shown once', async () => {
  const window = await open('linux');
  window.webContents.emit('did-finish-load');
  window.emit('ready-to-show');
  window.webContents.emit('did-fail-load');
  vi.advanceTimersByTime(10_000);
  expect(window.show).toHaveBeenCalledOnce();
});

test('second instance: window still hidden → shown and focused', async () => {
  const window = await open('linux');
  electron.app.emit('second-instance');
  expect(window.show).toHaveBeenCalledOnce();
  expect(window.focus).toHaveBeenCalledOnce();
});

test('second instance: window closed → nothing happens', async () => {
  const window = await open('linux');
  window.destroy();
  electron.app.emit('second-instance');
  expect(window.focus).not.toHaveBeenCalled();
});
