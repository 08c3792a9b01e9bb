/**
 * Creates the whole stand-in: the `electron` module of a main process, with Electron's refusals. The caller passes the
 * browser. Tests of the refusals pass none; electron.mjs passes the browser of a running program.
 */
import { EventEmitter } from 'node:events';
import { StandInApp } from './app.mjs';
import { StandInIpc } from './ipc.mjs';
import { Menu, MenuItem } from './menu.mjs';
import { pagesOf } from './page.mjs';
import {
  createClipboard,
  createDialog,
  createPowerSaveBlocker,
  createProtocol,
  createScreen,
  createSession,
  createShell,
  NativeTheme,
} from './parts.mjs';
import { windowClass } from './window.mjs';

/**
 * @param {import('./app.mjs').AppSurroundings & { chromium?: () => any, openPage?: any, readyToShow?: 'never',
 *   isDark?: boolean, workArea?: { width: number, height: number }, report?: (line: string) => void }} around
 *   `openPage`: in the place of a page of Chromium; `report`: what a page prints or throws
 */
export function createStandIn(around) {
  const app = new StandInApp(around);
  const ipcMain = new StandInIpc();
  const nativeTheme = new NativeTheme(around.isDark ?? false);
  const protocol = createProtocol(app.clock);
  app.protocolHandlers = protocol.handlers;
  const { chromium, report = () => undefined } = around;
  const openPage = around.openPage ?? pagesOf({ chromium, app, ipc: ipcMain, theme: nativeTheme, report });
  return {
    app,
    BrowserWindow: windowClass({ app, openPage, readyToShow: around.readyToShow }),
    clipboard: createClipboard(),
    dialog: createDialog(app.clock),
    ipcMain,
    Menu,
    MenuItem,
    nativeTheme,
    powerMonitor: new EventEmitter(),
    powerSaveBlocker: createPowerSaveBlocker(),
    protocol,
    screen: createScreen(app.clock, around.workArea),
    session: createSession(app.clock),
    shell: createShell(),
  };
}
