/** The window's entry (`out/main/index.js`): gives the real Electron and the real lab to run-app.ts. */
import { homedir } from 'node:os';
import {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
} from 'electron';
import { createLab } from '../lab/index.ts';
import { runApp } from './run-app.ts';

const electron = {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
};
const { argv, env, platform } = process;
const surroundings = { createLab, folder: import.meta.dirname, env, platform, home: homedir, process };

// Not awaited, because Electron becomes ready only after this module has been evaluated. The promise never rejects.
void runApp(electron, { ...surroundings, console, argv, cwd: process.cwd() });
