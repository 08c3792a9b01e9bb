/** The stand-in for Electron refuses every call that Electron refuses. The tests of the window rely on it. */
import { describe, expect, test } from 'vitest';
import { createElectron, FakeContents, FakeWindow } from '../helpers/electron.ts';

const electron = () => createElectron({ logs: '/logs' });

describe('calls at the wrong time', () => {
  test('sandbox and scheme: after ready → refused', async () => {
    const { parts } = electron();
    await parts.app.whenReady();
    expect(() => parts.app.enableSandbox()).toThrow(/before app is ready/);
    expect(() => parts.protocol.registerSchemesAsPrivileged([])).toThrow(/before app is ready/);
  });

  test('scheme: registered twice → refused', () => {
    const { parts } = electron();
    parts.protocol.registerSchemesAsPrivileged([]);
    expect(() => parts.protocol.registerSchemesAsPrivileged([])).toThrow(/twice/);
  });

  test('window, screen, protocol handler, session: before ready → refused', () => {
    const { parts } = electron();
    expect(() => new parts.BrowserWindow({})).toThrow(/after app is ready/);
    expect(() => parts.protocol.handle('app', () => new Response())).toThrow(/after app is ready/);
    expect(() => parts.screen.getPrimaryDisplay()).toThrow(/after app is ready/);
    expect(() => parts.session.defaultSession).toThrow(/after app is ready/);
  });

  test('ipcMain.handle: second handler of one channel → refused', () => {
    const { parts } = electron();
    parts.ipcMain.handle('a', () => undefined);
    expect(() => parts.ipcMain.handle('a', () => undefined)).toThrow(/second handler/);
  });
});

test('setPath: relative path → refused', () => {
  expect(() => electron().parts.app.setPath('userData', 'runs-here')).toThrow('Path must be absolute');
});

describe('destroyed objects', () => {
  test('window: used after destroy → refused, except isDestroyed', () => {
    const window = new FakeWindow({});
    const contents = window.webContents;
    window.destroy();
    expect([window.isDestroyed(), contents.isDestroyed()]).toEqual([true, true]);
    for (const use of [
      () => window.webContents,
      () => window.show(),
      () => window.focus(),
      () => window.restore(),
      () => window.isMinimized(),
      () => contents.reload(),
      () => contents.forcefullyCrashRenderer(),
      () => contents.send('a'),
    ]) {
      expect(use).toThrow('Object has been destroyed');
    }
  });

  test('dialogs: on a destroyed window → refused', async () => {
    const { dialog } = electron();
    const window = new FakeWindow({});
    window.destroy();
    await expect(dialog.showMessageBox(window, {})).rejects.toThrow('destroyed');
    await expect(dialog.showSaveDialog(window, {})).rejects.toThrow('destroyed');
  });
});

test('send: a value that cannot be cloned → refused', () => {
  expect(() => new FakeContents().send('a', () => undefined)).toThrow(/could not be cloned/);
});

test('forcefullyCrashRenderer: called → the page is gone, a moment later', async () => {
  const contents = new FakeContents();
  const gone: unknown[] = [];
  contents.on('render-process-gone', (_event, details) => gone.push(details));
  contents.forcefullyCrashRenderer();
  expect(gone).toEqual([]);
  await Promise.resolve();
  expect(gone).toEqual([{ reason: 'crashed' }]);
});
