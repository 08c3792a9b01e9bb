/**
 * `app` of the stand-in: readiness, folders, the single-instance lock and the order of quitting, which is before-quit →
 * each window's close → will-quit → quit. A listener that prevents one of the first three keeps the app running; `exit`
 * skips these three.
 */
import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { takeLock } from './instance-lock.mjs';
import { onlyAfterReady, onlyBeforeReady } from './rules.mjs';

/**
 * @typedef {{ home: string, languages?: readonly string[], argv?: readonly string[],
 *   start: () => Promise<void>, leave: (code: number) => void }} AppSurroundings
 *   `start`: prepares everything needed at `ready`; `leave`: ends the process, after all events were emitted
 */

export class StandInApp extends EventEmitter {
  isPackaged = false;
  name = 'raft-lab';
  /** State that the other parts read: whether the app is ready. */
  clock = { isReady: false };
  /** Windows that are open. */
  windows = new Set();
  /** Switches for Chromium, including those from the command line. */
  switches = new Map();
  commandLine = {
    appendSwitch: (name, value = '') => void this.switches.set(name, value),
    hasSwitch: (name) => this.switches.has(name),
    getSwitchValue: (name) => this.switches.get(name) ?? '',
  };
  #around;
  #paths;
  #isQuitting = false;
  #isOver = false;
  #lock = null;
  #called = new Set();
  #readiness;

  /** @param {AppSurroundings} around */
  constructor(around) {
    super();
    this.#around = around;
    const data = join(around.home, 'config', 'raft-lab');
    const folders = ['downloads', 'desktop', 'documents', 'home', 'temp', 'appData'];
    this.#paths = new Map(folders.map((name) => [name, join(around.home, name)]));
    this.#paths
      .set('userData', data)
      .set('sessionData', data)
      .set('logs', join(data, 'logs'))
      .set('exe', process.execPath);
    for (const word of around.argv ?? []) {
      const [, name, value = ''] = /^--([^=]+)=?(.*)$/s.exec(word) ?? [];
      if (name !== undefined) this.switches.set(name, value);
    }
    this.#readiness = new Promise((resolve) => {
      // Wait until the program's own module has been evaluated, as Electron does.
      setImmediate(async () => {
        if (this.#isOver) return;
        await around.start();
        this.clock.isReady = true;
        this.emit('ready', {}, {});
        resolve();
      });
    });
  }

  setPath(name, path) {
    if (!isAbsolute(path)) throw new Error('Path must be absolute');
    if (!this.#paths.has(name)) throw new Error('Failed to set path');
    this.#paths.set(name, path);
    if (name === 'userData') this.#paths.set('logs', join(path, 'logs'));
  }
  setAppLogsPath(path) {
    this.setPath('logs', path ?? join(this.getPath('userData'), 'logs'));
  }
  getPath(name) {
    const path = this.#paths.get(name);
    if (path === undefined) throw new Error(`Failed to get '${name}' path`);
    return path;
  }
  getAppPath() {
    return this.#around.appPath ?? this.#around.home;
  }
  getName() {
    return this.name;
  }
  setName(name) {
    this.name = name;
  }
  getVersion() {
    return '0.0.0';
  }
  getLocale() {
    onlyAfterReady(this.clock, 'app.getLocale');
    return this.#around.languages?.[0] ?? 'en-GB';
  }
  getPreferredSystemLanguages() {
    return [...(this.#around.languages ?? ['en-GB'])];
  }
  getGPUFeatureStatus() {
    return { gpu_compositing: 'disabled_software', webgl: 'disabled_off' };
  }
  getAppMetrics() {
    return [];
  }
  setAboutPanelOptions() {}
  showAboutPanel() {}
  setAppUserModelId() {}
  addRecentDocument() {}
  enableSandbox() {
    this.#once('app.enableSandbox()');
  }
  disableHardwareAcceleration() {
    this.#once('app.disableHardwareAcceleration()');
  }
  #once(what) {
    onlyBeforeReady(this.clock, what);
    this.#called.add(what);
  }
  requestSingleInstanceLock(data = {}) {
    const folder = this.getPath('userData');
    mkdirSync(folder, { recursive: true });
    const argv = [process.execPath, ...(this.#around.argv ?? [])];
    this.#lock ??= takeLock(folder, { argv, cwd: process.cwd(), data }, (second) => {
      this.emit('second-instance', {}, second.argv, second.cwd, second.data);
    });
    return this.#lock !== null;
  }
  hasSingleInstanceLock() {
    return this.#lock !== null;
  }
  releaseSingleInstanceLock() {
    this.#lock?.release();
    this.#lock = null;
  }
  isReady() {
    return this.clock.isReady;
  }
  whenReady() {
    return this.#readiness;
  }
  focus() {}
  isHidden() {
    return false;
  }

  /** Calls the event's listeners; one that prevents the default keeps the app running. */
  quit() {
    if (this.#isQuitting || this.#isOver) return;
    if (isPrevented(this, 'before-quit')) return;
    this.#isQuitting = true;
    if (this.windows.size === 0) return this.#willQuit();
    for (const window of [...this.windows]) {
      window.close();
      if (!window.isDestroyed()) {
        this.#isQuitting = false;
        return;
      }
    }
  }
  /** Exits without asking any listener. */
  exit(code = 0) {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const window of [...this.windows]) window.destroy();
    this.emit('quit', {}, code);
    this.#lock?.release();
    this.#around.leave(code);
  }
  /** Called by a window after it has closed. */
  windowGone(window) {
    this.windows.delete(window);
    if (this.windows.size > 0 || this.#isOver) return;
    if (this.#isQuitting) this.#willQuit();
    else if (this.listenerCount('window-all-closed') === 0) this.quit();
    else this.emit('window-all-closed');
  }
  #willQuit() {
    if (isPrevented(this, 'will-quit')) this.#isQuitting = false;
    else this.exit(0);
  }
}

/** Emits an event that a listener can prevent, and returns whether one did. */
export function isPrevented(emitter, name) {
  const event = {
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true;
    },
  };
  emitter.emit(name, event);
  return event.defaultPrevented;
}
