/**
 * The stand-in refuses calls that Electron refuses, and quits in Electron's order; without that the tests of the built
 * window would prove little. A page that records its calls takes the place of Chromium's page.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Electron from 'electron';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

type Parts = Pick<
  typeof Electron,
  | 'app'
  | 'BrowserWindow'
  | 'dialog'
  | 'ipcMain'
  | 'Menu'
  | 'nativeTheme'
  | 'powerSaveBlocker'
  | 'protocol'
  | 'screen'
  | 'session'
  | 'shell'
>;
interface Answering {
  answer(
    channel: string,
    event: object,
    args: readonly unknown[],
  ): Promise<{ readonly ok: boolean; readonly text: string }>;
}
interface Given {
  readonly home: string;
  readonly argv?: readonly string[];
  readonly readyToShow?: 'never';
  start(): Promise<void>;
  leave(code: number): void;
  openPage(): object;
}

const load = async <Shape>(name: string): Promise<Shape> =>
  (await import(/* @vite-ignore */ pathToFileURL(join(import.meta.dirname, 'stand-in', name)).href)) as Shape;
const { createStandIn } = await load<{ createStandIn(given: Given): Parts }>('create.mjs');
const { pack, unpack } = await load<{ pack(value: unknown): string; unpack(text: string): unknown }>('values.mjs');

let home: string;
let electron: Parts;
let order: string[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'raft-lab-stand-in-'));
  electron = create();
});
afterEach(() => {
  electron.app.releaseSingleInstanceLock();
  rmSync(home, { recursive: true, force: true });
});

function create(more: Partial<Given> = {}): Parts {
  order = [];
  return createStandIn({
    home,
    start: async () => undefined,
    leave: (code) => void order.push(`left with ${code}`),
    openPage: () => ({ close: () => order.push('page closed'), deliver: vi.fn(), load: vi.fn(), reload: vi.fn() }),
    ...more,
  });
}

/** Opens a window of an app that is ready. */
async function open(options: Electron.BrowserWindowConstructorOptions = {}): Promise<Electron.BrowserWindow> {
  await electron.app.whenReady();
  return new electron.BrowserWindow(options);
}

describe('wrong time', () => {
  test('sandbox, graphics, scheme: after ready → refused', async () => {
    await electron.app.whenReady();
    expect(() => electron.app.enableSandbox()).toThrow(/before app is ready/);
    expect(() => electron.app.disableHardwareAcceleration()).toThrow(/before app is ready/);
    expect(() => electron.protocol.registerSchemesAsPrivileged([])).toThrow(/before app is ready/);
  });

  test('scheme: registered or handled twice → refused', async () => {
    electron.protocol.registerSchemesAsPrivileged([]);
    expect(() => electron.protocol.registerSchemesAsPrivileged([])).toThrow(/once/);
    await electron.app.whenReady();
    electron.protocol.handle('app', () => new Response());
    expect(() => electron.protocol.handle('app', () => new Response())).toThrow(/has been registered/);
  });

  test('window, screen, session, protocol, dialog, locale: before ready → refused', async () => {
    expect(() => new electron.BrowserWindow({})).toThrow(/before the app is ready/);
    expect(() => electron.screen.getPrimaryDisplay()).toThrow(/before the app is ready/);
    expect(() => electron.session.defaultSession).toThrow(/before the app is ready/);
    expect(() => electron.protocol.handle('app', () => new Response())).toThrow(/before the app is ready/);
    expect(() => electron.app.getLocale()).toThrow(/before the app is ready/);
    await expect(electron.dialog.showMessageBox({ message: '' })).rejects.toThrow(/before the app is ready/);
  });

  test('ready: program’s own module still being evaluated → not yet emitted', async () => {
    const ready = vi.fn();
    electron.app.once('ready', ready);
    await Promise.resolve();
    expect([ready.mock.calls.length, electron.app.isReady()]).toEqual([0, false]);
    await electron.app.whenReady();
    expect([ready.mock.calls.length, electron.app.isReady()]).toEqual([1, true]);
  });
});

describe('wrong path or value', () => {
  test('setPath: relative path, unknown name → refused', () => {
    expect(() => electron.app.setPath('userData', 'runs-here')).toThrow('Path must be absolute');
    expect(() => electron.app.setPath('nowhere', '/x')).toThrow('Failed to set path');
    expect(() => electron.app.getPath('nowhere' as 'home')).toThrow(/Failed to get/);
  });

  test('preload: relative, missing → refused', async () => {
    await electron.app.whenReady();
    const withPreload = (preload: string) => () => new electron.BrowserWindow({ webPreferences: { preload } });
    expect(withPreload('preload/index.cjs')).toThrow(/absolute path/);
    expect(withPreload(join(home, 'none.cjs'))).toThrow(/missing/);
    writeFileSync(join(home, 'there.cjs'), '');
    expect(withPreload(join(home, 'there.cjs'))).not.toThrow();
  });

  test('loadURL: a scheme without a handler → refused', async () => {
    const window = await open();
    await expect(window.loadURL('app://lab/')).rejects.toThrow('ERR_UNKNOWN_URL_SCHEME');
    electron.protocol.handle('app', () => new Response());
    await expect(window.loadURL('app://lab/')).resolves.toBeUndefined();
  });

  test('menu: unknown role or type, no label, no array → refused', () => {
    const build = (item: object) => () => electron.Menu.buildFromTemplate([item]);
    expect(build({ role: 'reloadd' })).toThrow(/role/);
    expect(build({ type: 'knob', label: 'x' })).toThrow(/type/);
    expect(build({ click: () => undefined })).toThrow(/label, role or type/);
    expect(build({ label: 'File', submenu: [{ role: 'none' }] })).toThrow(/role/);
    expect(() => electron.Menu.buildFromTemplate({} as never)).toThrow(/array/);
    expect(() => electron.Menu.setApplicationMenu([] as never)).toThrow(/menu/);
    expect(build({ role: 'quit' })).not.toThrow();
  });

  test('power blocker, size, name of saved bounds: invalid value → refused', async () => {
    expect(() => electron.powerSaveBlocker.start('nothing' as never)).toThrow(TypeError);
    const window = await open();
    expect(() => window.setSize(1.5, 2)).toThrow(TypeError);
    expect(() => electron.BrowserWindow.clearPersistedState(7 as never)).toThrow(TypeError);
    window.setSize(640, 480);
    expect(window.getSize()).toEqual([640, 480]);
  });

  test('debugger: command before it is attached, attached twice → refused', async () => {
    const { debugger: tool } = (await open()).webContents;
    await expect(tool.sendCommand('Page.enable')).rejects.toThrow('No target available');
    tool.attach('1.3');
    expect(() => tool.attach('1.3')).toThrow('already attached');
  });

  test('theme, folder to open: invalid value → refused', async () => {
    expect(() => Object.assign(electron.nativeTheme, { themeSource: 'blue' })).toThrow(TypeError);
    expect(await electron.shell.openPath('runs')).not.toBe('');
    expect(await electron.shell.openPath(home)).toBe('');
  });
});

describe('destroyed objects', () => {
  test('window and page: used after their end → refused, isDestroyed answers', async () => {
    const window = await open();
    const { webContents } = window;
    window.destroy();
    expect([window.isDestroyed(), webContents.isDestroyed()]).toEqual([true, true]);
    const uses: readonly (() => unknown)[] = [
      () => window.webContents,
      () => window.show(),
      () => window.hide(),
      () => window.focus(),
      () => window.restore(),
      () => window.isMinimized(),
      () => window.isVisible(),
      () => window.setSize(1, 1),
      () => window.getSize(),
      () => window.center(),
      () => webContents.send('a'),
      () => webContents.reload(),
      () => webContents.getURL(),
      () => webContents.forcefullyCrashRenderer(),
      () => webContents.debugger,
    ];
    for (const use of uses) expect(use).toThrow('Object has been destroyed');
    await expect(window.loadURL('app://lab/')).rejects.toThrow('destroyed');
  });

  test('dialogs: on a destroyed window → refused', async () => {
    const window = await open();
    window.destroy();
    await expect(electron.dialog.showMessageBox(window, { message: '' })).rejects.toThrow('destroyed');
    await expect(electron.dialog.showSaveDialog(window, {})).rejects.toThrow('destroyed');
  });

  test('dialog: not answered → open until its signal', async () => {
    const window = await open();
    const closer = new AbortController();
    const { signal } = closer;
    const answer = electron.dialog.showMessageBox(window, { message: '', cancelId: 1, signal });
    expect(await Promise.race([answer, Promise.resolve('open')])).toBe('open');
    closer.abort();
    expect(await answer).toMatchObject({ response: 1 });
  });
});

describe('values between main and page', () => {
  test.each([
    ['a function', () => undefined],
    ['a symbol', Symbol('s')],
    ['a promise', Promise.resolve()],
    ['a function deep inside', { a: [{ b: () => undefined }] }],
  ])('send: %s → refused', async (_name, value) => {
    const window = await open();
    expect(() => window.webContents.send('a', value)).toThrow(/could not be cloned/);
  });

  // Electron copies these values, but the browser's WebSocket could not carry them, so the channels refuse them.
  test.each([
    ['a Map', new Map()],
    ['a Date', new Date(0)],
    ['a BigInt', 1n],
    ['an object of a class', new (class Entry {})()],
  ])('send: %s → refused, since the channels carry plain data', async (_name, value) => {
    const window = await open();
    expect(() => window.webContents.send('a', value)).toThrow(/not plain data/);
  });

  test('plain data: with undefined, NaN and infinity → equal on the other side', () => {
    const value = { a: [1, undefined, Number.NaN, Number.POSITIVE_INFINITY, null, 'x'], b: { c: false } };
    expect(unpack(pack(value))).toEqual(value);
  });

  test('invoke: no handler, a throwing one, an uncloneable answer → rejected on the page', async () => {
    const ipc = electron.ipcMain as unknown as Answering;
    electron.ipcMain.handle('throws', () => {
      throw new Error('no');
    });
    electron.ipcMain.handle('function', () => () => undefined);
    electron.ipcMain.handle('fine', (_event, ...args: unknown[]) => args);
    const answers = await Promise.all(['none', 'throws', 'function', 'fine'].map((name) => ipc.answer(name, {}, [1])));
    expect(answers.map(({ ok }) => ok)).toEqual([false, false, false, true]);
    expect(answers[0]?.text).toContain("No handler registered for 'none'");
    expect(() => electron.ipcMain.handle('fine', () => null)).toThrow(/second handler/);
  });
});

describe('order of quitting', () => {
  const listen = (): void => {
    for (const name of ['before-quit', 'will-quit', 'quit', 'window-all-closed'] as const) {
      electron.app.on(name as 'quit', () => void order.push(name));
    }
  };

  test('quit: requested → before-quit, the windows close, will-quit, quit', async () => {
    const window = await open();
    listen();
    window.on('close', () => void order.push('close'));
    electron.app.quit();
    expect(order).toEqual(['before-quit', 'close', 'page closed', 'will-quit', 'quit', 'left with 0']);
  });

  test.each(['before-quit', 'will-quit'] as const)(
    'quit: %s prevented → app keeps running; requested again → quits',
    async (name) => {
      await open();
      electron.app.once(name as 'before-quit', (event) => event.preventDefault());
      electron.app.quit();
      expect(order).not.toContain('left with 0');
      electron.app.quit();
      expect(order).toContain('left with 0');
    },
  );

  test('quit: a window prevents its close → app keeps running', async () => {
    const window = await open();
    window.once('close', (event) => event.preventDefault());
    electron.app.quit();
    expect([window.isDestroyed(), order]).toEqual([false, []]);
  });

  test('last window closed: window-all-closed has a listener → called; none → app quits', async () => {
    (await open()).close();
    expect(order).toEqual(['page closed', 'left with 0']);
    electron = create();
    listen();
    (await open()).close();
    expect(order).toEqual(['page closed', 'window-all-closed']);
  });

  test('exit: called → no listener is asked, all windows close, ends once', async () => {
    const window = await open();
    listen();
    window.on('close', () => void order.push('close'));
    electron.app.exit(3);
    electron.app.exit(4);
    expect(order).toEqual(['page closed', 'quit', 'left with 3']);
    expect(window.isDestroyed()).toBe(true);
  });

  test('exit: called before ready → never ready', async () => {
    const start = vi.fn(async () => undefined);
    electron = create({ start });
    electron.app.exit(0);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(start).not.toHaveBeenCalled();
  });
});

describe('single instance', () => {
  test('lock: owned → second start gets none, its arguments reach the owner', async () => {
    expect(electron.app.requestSingleInstanceLock()).toBe(true);
    const told = new Promise((resolve) => {
      electron.app.once('second-instance', (_event, argv) => resolve(argv.slice(1)));
    });
    expect(create({ argv: ['a.raftscenario'] }).app.requestSingleInstanceLock()).toBe(false);
    expect(await told).toEqual(['a.raftscenario']);
  });

  test('lock: owner was killed → free', () => {
    electron.app.requestSingleInstanceLock();
    const file = join(electron.app.getPath('userData'), 'stand-in.lock');
    expect(readFileSync(file, 'utf8')).toBe(String(process.pid));
    // No process has this pid: it is above the largest one that Linux allows.
    writeFileSync(file, '4194305');
    expect(create().app.requestSingleInstanceLock()).toBe(true);
  });

  test('lock: owner exits → free', () => {
    electron.app.requestSingleInstanceLock();
    electron.app.exit(0);
    expect(existsSync(join(electron.app.getPath('userData'), 'stand-in.lock'))).toBe(false);
  });
});

test('ready-to-show: compositor paints no hidden window → sent only after show', async () => {
  electron = create({ readyToShow: 'never' });
  const window = await open({ show: false });
  const painted = vi.fn();
  window.on('ready-to-show', painted);
  window.webContents.emit('painted');
  expect(painted).not.toHaveBeenCalled();
  window.show();
  expect(painted).toHaveBeenCalledOnce();
});
