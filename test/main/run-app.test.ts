/** The window's program from start to quit, against a stand-in for Electron: order, options, guards, menu, ending. */
import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CHANNELS, type LabMode } from '../../src/core/lab-api/index.ts';
import { emptyView } from '../../src/core/trace/index.ts';
import type { LabOptions } from '../../src/lab/types.ts';
import { START_FAILED } from '../../src/main/crash.ts';
import { runApp, type Surroundings } from '../../src/main/run-app.ts';
import { createElectron, type FakeElectron, type FakeWindow } from '../helpers/electron.ts';
import { createFakeLab, type FakeLab } from '../helpers/fake-lab.ts';

let top: string;
let electron: FakeElectron;
let lab: FakeLab;
let options: LabOptions | null;
let source: EventEmitter;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'raft-lab-main-'));
  mkdirSync(join(top, 'renderer'));
  writeFileSync(join(top, 'renderer', 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__">');
  writeFileSync(join(top, 'secret.json'), '{}');
  electron = createElectron({ logs: join(top, 'logs'), paths: { userData: join(top, 'data') } });
  lab = createFakeLab();
  options = null;
  source = new EventEmitter();
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(top, { recursive: true, force: true });
});

async function start(more: Partial<Surroundings> = {}): Promise<FakeWindow> {
  await runApp(electron.parts, {
    createLab: (given) => {
      options = given;
      return lab;
    },
    folder: join(top, 'main'),
    env: { RAFT_LAB_DATA_DIR: join(top, 'data') },
    home: () => join(top, 'home'),
    platform: 'linux',
    process: source,
    ...more,
  });
  return electron.windows[0] as FakeWindow;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('start', () => {
  test('start: order → sandbox and scheme before ready, the window after', async () => {
    await start();
    const folders = [`setPath userData ${join(top, 'data')}`, `setPath sessionData ${join(top, 'data', 'window')}`];
    expect(electron.order).toEqual([...folders, 'enableSandbox', 'scheme', 'ready', 'window']);
  });

  test('window: created → confined, named, shows our page after its first paint', async () => {
    const window = await start();
    expect(window.options).toEqual({
      name: 'main',
      windowStatePersistence: true,
      title: 'Raft Lab',
      width: 1280,
      height: 800,
      minWidth: 1024,
      minHeight: 640,
      icon: join(top, '..', 'resources', 'icons', 'icon-512.png'),
      show: false,
      backgroundColor: '#0f1318',
      webPreferences: {
        preload: join(top, 'preload', 'index.cjs'),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
      },
    });
    expect(window.loadURL).toHaveBeenCalledWith('app://lab/');
    expect(window.show).not.toHaveBeenCalled();
    window.emit('ready-to-show');
    expect(window.show).toHaveBeenCalledOnce();
  });

  test.each([
    [{ width: 960, height: 540 }, [960, 540, 960, 540]],
    [{ width: 911, height: 512 }, [911, 512, 911, 512]],
    [{ width: 1366, height: 728 }, [1280, 728, 1024, 640]],
  ])('window on a screen with room for %j → size and smallest size %j', async (workArea, sizes) => {
    electron = createElectron({ logs: top, workArea });
    const window = await start();
    const { width, height, minWidth, minHeight } = window.options as Record<string, number>;
    expect([width, height, minWidth, minHeight]).toEqual(sizes);
  });

  test('icon: macOS → the app’s own; elsewhere → an existing file', async () => {
    const project = join(import.meta.dirname, '..', '..');
    const linux = await start({ folder: join(project, 'out', 'main') });
    expect(existsSync((linux.options as { readonly icon: string }).icon)).toBe(true);
    electron = createElectron({ logs: top });
    const mac = await start({ platform: 'darwin' });
    expect(mac.options).not.toHaveProperty('icon');
  });

  test('lab: created → data folder and the programs beside this one', async () => {
    await start();
    const program = (name: string) => join(top, 'main', name);
    expect(options).toEqual({
      dataFolder: join(top, 'data'),
      programs: {
        peer: program('peer.mjs'),
        network: program('network.mjs'),
        reaper: program('reaper.mjs'),
        scenarios: join(top, '..', 'resources', 'scenarios'),
      },
    });
  });

  test('second instance: started → ends at once; the first comes to the front', async () => {
    const window = await start();
    window.minimized = true;
    electron.app.emit('second-instance');
    expect(window.restore).toHaveBeenCalledOnce();
    expect(window.focus).toHaveBeenCalledOnce();
    const other = createElectron({ logs: top });
    other.app.requestSingleInstanceLock.mockReturnValue(false);
    electron = other;
    await start();
    expect(other.app.exit).toHaveBeenCalledWith(0);
    expect(other.windows).toEqual([]);
  });
});

describe('the page’s protocol', () => {
  const ask = async (url: string, method = 'GET'): Promise<Response> => {
    await start();
    const handler = electron.protocolHandlers.get('app');
    if (handler === undefined) throw new Error('no handler');
    return handler({ url, method } as Request);
  };

  test('page: served → with a policy that allows connections to itself only', async () => {
    const page = await ask('app://lab/');
    expect(page.status).toBe(200);
    const nonce = /content="([^"]+)"/.exec(await page.text())?.[1] ?? '';
    expect(page.headers.get('Content-Security-Policy')).toContain(`'nonce-${nonce}'`);
    expect(page.headers.get('Content-Security-Policy')).toContain("connect-src 'self';");
  });

  test.each([
    ['app://lab/..%2fsecret.json', 'GET', 403],
    ['app://lab/%2e%2e%2fsecret.json', 'GET', 403],
    ['app://lab/missing.js', 'GET', 404],
    ['app://lab/%00.html', 'GET', 400],
    ['app://other/index.html', 'GET', 403],
    ['app://lab.evil/index.html', 'GET', 403],
    ['app://user@lab/index.html', 'GET', 403],
    ['app://lab/', 'POST', 403],
  ])('page’s protocol: %s by %s → %i', async (url, method, status) => {
    const answer = await ask(url, method);
    expect([answer.status, await answer.text()]).toEqual([status, '']);
    expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  });
});

describe('guards', () => {
  test.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])(
    'navigation: %s → our page stays',
    async (name) => {
      const { webContents } = await start();
      const goes = (url: string): boolean => {
        const preventDefault = vi.fn();
        webContents.emit(name, { url, preventDefault });
        return preventDefault.mock.calls.length === 0;
      };
      expect(goes('app://lab/#/s3')).toBe(true);
      for (const url of ['https://evil.example/', 'app://lab.evil/', 'file:///etc/passwd', 'app:lab', 'not a url']) {
        expect([url, goes(url)]).toEqual([url, false]);
      }
    },
  );

  test('page: opens a window or webview → refused; a known link → browser', async () => {
    const { webContents } = await start();
    const preventDefault = vi.fn();
    webContents.emit('will-attach-webview', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
    for (const url of ['https://raft.github.io/', 'https://raft.github.io.evil/', 'file:///etc/passwd']) {
      expect(webContents.windowOpenHandler({ url })).toEqual({ action: 'deny' });
    }
    await settled();
    expect(electron.shell.openExternal.mock.calls).toEqual([['https://raft.github.io/']]);
  });

  test('permissions: all but writing to the clipboard → denied', async () => {
    await start();
    const request = electron.session.setPermissionRequestHandler?.mock.calls[0]?.[0];
    const check = electron.session.setPermissionCheckHandler?.mock.calls[0]?.[0];
    const device = electron.session.setDevicePermissionHandler?.mock.calls[0]?.[0];
    const granted = (permission: string): boolean => {
      let answer = true;
      request(null, permission, (given: boolean) => (answer = given));
      return answer;
    };
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'fullscreen',
    ]) {
      expect([permission, granted(permission), check(null, permission)]).toEqual([permission, false, false]);
    }
    expect([granted('clipboard-sanitized-write'), check(null, 'clipboard-sanitized-write')]).toEqual([true, true]);
    expect(device({})).toBe(false);
    const preventDefault = vi.fn();
    electron.session.emit('will-download', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
  });
});

describe('the end', () => {
  const quit = (): ReturnType<typeof vi.fn> => {
    const preventDefault = vi.fn();
    electron.app.emit('before-quit', { preventDefault });
    return preventDefault;
  };

  test('quit: asked for → lab closed once, then the app exits', async () => {
    await start();
    expect(quit()).toHaveBeenCalledOnce();
    expect(quit()).toHaveBeenCalledOnce();
    expect(electron.app.exit).not.toHaveBeenCalled();
    await settled();
    expect(lab.calls).toEqual(['close']);
    expect(electron.app.exit.mock.calls).toEqual([[0]]);
    expect(quit()).not.toHaveBeenCalled();
  });

  test('quit: lab cannot close → servers killed', async () => {
    await start();
    vi.spyOn(console, 'error').mockReturnValue();
    lab.close = () => Promise.reject(new Error('disk full'));
    quit();
    await settled();
    expect(lab.calls).toEqual(['killNow']);
    expect(electron.app.exit.mock.calls).toEqual([[1]]);
  });

  test('end: last window closed → app ends; Windows session ends → servers killed', async () => {
    const window = await start();
    electron.app.emit('window-all-closed');
    expect(electron.app.quit).toHaveBeenCalledOnce();
    window.emit('session-end');
    expect(lab.calls).toEqual(['killNow']);
  });

  test('uncaughtException: thrown → servers killed, note written, box shown, exit', async () => {
    await start();
    vi.spyOn(console, 'error').mockReturnValue();
    source.emit('uncaughtException', new Error('a bug'));
    expect(lab.calls).toEqual(['killNow']);
    const [note] = readdirSync(join(top, 'data', 'logs'));
    expect(JSON.parse(readFileSync(join(top, 'data', 'logs', note ?? ''), 'utf8')).problem).toContain('a bug');
    expect(electron.dialog.showErrorBox.mock.calls[0]?.[0]).toBe('Raft Lab failed and stopped its servers');
    expect(electron.app.exit.mock.calls).toEqual([[1]]);
  });
});

describe('while it ends', () => {
  const chooseInMenu = (id: string): void => {
    const template = electron.menus.mock.calls.at(-1)?.[0] as { submenu: { id?: string; click?: () => void }[] }[];
    const item = template.flatMap((menu) => menu.submenu).find((one) => one.id === id);
    item?.click?.();
  };

  test('unhandledRejection → reported; the cluster and the window continue', async () => {
    await start();
    const report = vi.spyOn(console, 'error').mockReturnValue();
    source.emit('unhandledRejection', new Error('a small bug'));
    expect(report).toHaveBeenCalledWith(expect.stringContaining('a small bug'));
    expect([lab.calls, electron.app.exit.mock.calls, electron.dialog.showErrorBox.mock.calls]).toEqual([[], [], []]);
  });

  test('menu: an item of the lab → sent to the page; the window closed → nothing throws', async () => {
    const window = await start();
    const { webContents } = window;
    chooseInMenu('export');
    chooseInMenu('kill-leader');
    window.destroy();
    chooseInMenu('export');
    expect(webContents.sent).toEqual([
      { channel: CHANNELS.action, args: [{ action: 'export-run' }] },
      { channel: CHANNELS.action, args: [{ action: 'kill-leader' }] },
    ]);
    expect([lab.asked, electron.dialog.showSaveDialog.mock.calls]).toEqual([[], []]);
  });

  test('export: asked for while the window closes → no dialog', async () => {
    const window = await start();
    const trusted = { sender: window.webContents, senderFrame: window.webContents.mainFrame };
    const { exported } = lab;
    lab.exported = async () => {
      window.destroy();
      return await exported();
    };
    const answer = electron.handlers.get(CHANNELS.exportRun)?.(trusted);
    expect(await answer).toEqual({ ok: true, value: { savedAs: null } });
    expect(electron.dialog.showSaveDialog).not.toHaveBeenCalled();
  });

  test('menu: a run is opened → its items are enabled; the page’s theme → marked', async () => {
    electron = createElectron({ logs: top });
    await start();
    type Item = {
      readonly id?: string;
      readonly enabled?: boolean;
      readonly checked?: boolean;
      readonly submenu?: Item[];
    };
    const all = (items: readonly Item[]): readonly Item[] => items.flatMap((one) => [one, ...all(one.submenu ?? [])]);
    const item = (id: string): Item => all(electron.menus.mock.calls.at(-1)?.[0]).find((one) => one.id === id) ?? {};
    expect([item('kill-leader').enabled, item('theme-system').checked]).toEqual([false, true]);
    lab.push({ type: 'mode', mode: { mode: 'live', runId: 'r' } as LabMode, view: emptyView });
    electron.tell(CHANNELS.theme, ['dark']);
    expect([item('kill-leader').enabled, item('theme-system').checked, item('theme-dark').checked]).toEqual([
      ...[true, false, true],
    ]);
  });

  test('quit: the lab is closing → the menu is disabled', async () => {
    await start();
    electron.app.emit('before-quit', { preventDefault: () => undefined });
    const template = JSON.stringify(electron.menus.mock.calls.at(-1));
    expect(template).toContain('"id":"new-run","label":"New run…","accelerator":"CmdOrCtrl+N","enabled":false');
  });

  test.each(['before', 'after'])('shutdown %s the quit: lab does not close → killed after a second', async (when) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await start();
    lab.close = () => new Promise(() => undefined);
    const shutDown = () => (electron.parts.powerMonitor as unknown as EventEmitter).emit('shutdown');
    if (when === 'before') shutDown();
    electron.app.emit('before-quit', { preventDefault: () => undefined });
    if (when === 'after') shutDown();
    vi.advanceTimersByTime(999);
    expect(lab.calls).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(lab.calls).toEqual(['killNow']);
    vi.advanceTimersByTime(20_000);
    vi.useRealTimers();
    expect([lab.calls, electron.app.exit.mock.calls]).toEqual([['killNow'], [[1]]]);
  });

  test('quit: while the lab is created → the app exits at once', async () => {
    const preventDefault = vi.fn();
    await start({
      createLab: async () => {
        electron.app.emit('before-quit', { preventDefault });
        electron.app.emit('second-instance');
        return lab;
      },
    });
    expect(preventDefault).not.toHaveBeenCalled();
  });
});

describe('a start that fails', () => {
  const failed = (): unknown => [electron.dialog.showErrorBox.mock.calls[0]?.[0], electron.app.exit.mock.calls];

  beforeEach(() => {
    vi.spyOn(console, 'error').mockReturnValue();
  });

  test('the lab cannot be created → box, note, and exit code START_FAILED', async () => {
    await start({ createLab: () => Promise.reject(new Error('EROFS: read-only file system')) });
    expect(failed()).toEqual(['Raft Lab could not start', [[START_FAILED]]]);
    const [note] = readdirSync(join(top, 'data', 'logs'));
    expect(JSON.parse(readFileSync(join(top, 'data', 'logs', note ?? ''), 'utf8')).problem).toContain('EROFS');
  });

  test('language is Chinese, the lab cannot be created → the box is in Chinese', async () => {
    electron = createElectron({ logs: join(top, 'logs'), languages: ['zh-CN'] });
    await start({ createLab: () => Promise.reject(new Error('EROFS')) });
    expect(failed()).toEqual(['Raft Lab 无法启动', [[START_FAILED]]]);
  });

  test('failure before ready → the box is shown after ready', async () => {
    electron.app.requestSingleInstanceLock.mockImplementation(() => {
      throw new Error('no lock');
    });
    await start();
    expect(electron.order.slice(-2)).toEqual(['ready', 'errorBox']);
    expect(failed()).toEqual(['Raft Lab could not start', [[START_FAILED]]]);
  });

  test('failure after the lab was created → its servers are killed', async () => {
    electron.session.setPermissionCheckHandler?.mockImplementation(() => {
      throw new Error('no session');
    });
    await start();
    expect([lab.calls, failed()]).toEqual([['killNow'], ['Raft Lab could not start', [[START_FAILED]]]]);
  });

  test('the box cannot be shown → the app still exits', async () => {
    electron.dialog.showErrorBox.mockImplementation(() => {
      throw new Error('no box');
    });
    await start({ createLab: () => Promise.reject(new Error('EROFS')) }).catch(() => undefined);
    expect(electron.app.exit.mock.calls).toEqual([[START_FAILED]]);
  });
});
