/** Help, About and the log of the window, which help a person to report a problem. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CHANNELS } from '../../src/core/lab-api/window-channels.ts';
import { runApp } from '../../src/main/run-app.ts';
import { createElectron, type FakeElectron, type FakeWindow } from '../helpers/electron.ts';
import { createFakeLab } from '../helpers/fake-lab.ts';

let folder: string;
let electron: FakeElectron;
let printed: { warn: (...parts: unknown[]) => void; error: (...parts: unknown[]) => void };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raft-lab-support-'));
  electron = createElectron({ logs: join(folder, 'elsewhere'), paths: { userData: folder } });
  printed = { warn: vi.fn(), error: vi.fn() };
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

async function start(platform: NodeJS.Platform = 'linux'): Promise<FakeWindow> {
  await runApp(electron.parts, {
    createLab: createFakeLab,
    folder,
    env: { RAFT_LAB_DATA_DIR: folder },
    home: () => folder,
    platform,
    process: { on: () => undefined, off: () => undefined },
    console: printed,
  });
  return electron.windows[0] as FakeWindow;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const logged = (): string => readFileSync(join(folder, 'logs', 'raft-lab.log'), 'utf8');

interface Item {
  readonly id?: string;
  readonly click?: () => void;
  readonly submenu?: readonly Item[];
}

function choose(id: string): void {
  const menus = electron.menus.mock.calls.at(-1)?.[0] as readonly Item[];
  const items = menus.flatMap((menu) => menu.submenu ?? []);
  const item = items.find((one) => one.id === id);
  if (item?.click === undefined) throw new Error(`the menu has no ${id}`);
  item.click();
}

describe('log', () => {
  test('start → a log in the data folder, with versions, system and settings', async () => {
    await start();
    expect(electron.app.setAppLogsPath).toHaveBeenCalledWith(join(folder, 'logs'));
    expect(logged()).toContain('info Raft Lab 0.1.0 starts: Electron');
    expect(logged()).toContain('"keepAwake":true');
  });

  test('message on main’s console → logged', async () => {
    await start();
    printed.error('The run could not be exported: %s', 'no portal');
    expect(logged()).toContain('error The run could not be exported: no portal\n');
  });

  test('a process of Electron or the page ends → logged with the reason', async () => {
    await start();
    const gpu = { type: 'GPU', reason: 'crashed', exitCode: 139 };
    electron.app.emit('child-process-gone', {}, gpu);
    electron.app.emit('child-process-gone', {}, { ...gpu, type: 'Utility', name: 'Network Service', reason: 'killed' });
    electron.app.emit('render-process-gone', {}, {}, { reason: 'oom', exitCode: 5 });
    electron.app.emit('render-process-gone', {}, {}, { reason: 'clean-exit', exitCode: 0 });
    expect(logged()).toContain('warn GPU (GPU) is gone: crashed, exit code 139.\n');
    expect(logged()).toContain('warn Network Service (Utility) is gone: killed, exit code 139.\n');
    expect(logged()).toContain("error The page's process is gone: oom, exit code 5.\n");
    expect(logged()).toContain("info The page's process is gone: clean-exit, exit code 0.\n");
  });

  test('a request of the page cannot be answered → logged', async () => {
    await start();
    const answer = electron.protocolHandlers.get('app');
    await answer?.({ url: 'app://lab/missing.js', method: 'GET' } as Request);
    await answer?.({ url: 'app://lab/', method: 'POST' } as Request);
    expect(logged()).toContain('warn GET app://lab/missing.js was answered 404.\n');
    expect(logged()).toContain('warn POST app://lab/ was answered 403.\n');
  });

  test('log folder cannot be created → the window still opens', async () => {
    writeFileSync(join(folder, 'logs'), '');
    const { getPath } = electron.parts.app;
    electron.parts.app.getPath = (name) => {
      if (name === 'logs') throw new Error("Failed to get 'logs' path");
      return getPath.call(electron.parts.app, name);
    };
    const window = await start();
    printed.warn('lost, and no reason to fail');
    expect([window.isDestroyed(), electron.app.exit.mock.calls]).toEqual([false, []]);
  });

  test('a second instance → leaves without touching the log of the first', async () => {
    electron.app.requestSingleInstanceLock.mockReturnValue(false);
    await start();
    expect(existsSync(join(folder, 'logs'))).toBe(false);
  });
});

describe('Help', () => {
  test('open logs folder → the system shows it', async () => {
    await start();
    choose('open-logs');
    expect(electron.shell.openPath).toHaveBeenCalledWith(join(folder, 'logs'));
  });

  test('copy diagnostic report → in the clipboard, and a box says so', async () => {
    await start();
    printed.warn(`a secret: ${'s'.repeat(43)}`);
    choose('copy-report');
    await vi.waitFor(() => expect(electron.dialog.showMessageBox).toHaveBeenCalledOnce());
    const [[report]] = electron.clipboard.writeText.mock.calls as [[string]];
    const names = report.split('\n').flatMap((line) => /^(\w+): /.exec(line)?.[1] ?? []);
    expect(names).toEqual([
      ...['version', 'electron', 'system', 'session', 'language', 'machine', 'displays', 'sandbox', 'acceleration'],
      ...['gpu', 'settings', 'dataFolder', 'dataFolderProblem', 'dataFolderOwner', 'dataFolderDisk', 'dataFolderLock'],
      ...['dataFolderFree', 'fsyncMedian', 'logs'],
    ]);
    expect(report).not.toContain('not known');
    expect(report).toMatch(/\ndataFolderOwner: \d+, this process \w+\ndataFolderDisk: \w+\ndataFolderLock: free\n/);
    expect(report).toContain('\ndisplays: 1920x1080 at 150 %\n');
    expect(report).toContain(`\ndataFolder: ${folder}\ndataFolderProblem: none\n`);
    expect(report).toContain('warn a secret: [left out]');
    expect(report).not.toContain('s'.repeat(43));
  });

  test('report: unknown fact → shown as unknown', async () => {
    const window = await start();
    electron.parts.app.getGPUFeatureStatus = () => {
      throw new Error('no GPU process');
    };
    window.webContents.getOSProcessId = () => -1;
    await electron.invoke(CHANNELS.actOnSettings, ['copy-report']);
    const [[report]] = electron.clipboard.writeText.mock.calls as [[string]];
    expect(report).toContain('gpu: not known (Error: no GPU process)');
    expect(report).toContain('sandbox: not known');
  });

  test.each(['open-logs', 'copy-report', 'reset-window', 'settings'])(
    'menu item %s: window closed → nothing fails',
    async (id) => {
      const window = await start();
      const problems = vi.spyOn(console, 'error').mockReturnValue();
      window.destroy();
      choose(id);
      await settled();
      if (id === 'copy-report') await vi.waitFor(() => expect(electron.clipboard.writeText).toHaveBeenCalledOnce());
      await settled();
      expect(problems).not.toHaveBeenCalled();
      expect(electron.dialog.showMessageBox).not.toHaveBeenCalled();
    },
  );
});

test('settings: chosen in the menu → the page gets the action to show them', async () => {
  const window = await start();
  choose('settings');
  expect(window.webContents.sent).toEqual([
    { channel: CHANNELS.action, args: [{ action: 'show-dialog', dialog: 'settings' }] },
  ]);
});

test('reset of the window: chosen → saved bounds deleted, window centred', async () => {
  const window = await start();
  choose('reset-window');
  expect(electron.parts.BrowserWindow.clearPersistedState).toHaveBeenCalledWith('main');
  expect([window.setSize.mock.calls, window.center.mock.calls.length]).toEqual([[[1280, 800]], 1]);
});

describe('About', () => {
  const panel = () => electron.app.setAboutPanelOptions.mock.calls.at(-1)?.[0] as Readonly<Record<string, string>>;

  test.each(['linux', 'darwin', 'win32'] as const)('on %s → versions, licence and both folders', async (platform) => {
    await start(platform);
    expect(panel()).toMatchObject({ applicationName: 'Raft Lab', applicationVersion: '0.1.0' });
    const text = platform === 'linux' ? panel().copyright : `${panel().copyright}\n${panel().credits}`;
    for (const part of ['MIT', 'Electron', 'Chromium', 'Node.js', folder, join(folder, 'logs')]) {
      expect(text).toContain(part);
    }
    expect(panel().iconPath === undefined).toBe(platform === 'darwin');
  });

  test('the page changes the language → the panel follows', async () => {
    await start();
    electron.tell(CHANNELS.language, ['zh-CN']);
    expect(panel().copyright).toContain('许可证');
  });
});
