/**
 * The smaller parts of Electron that the window's program uses, such as protocol, session, dialogs, screen and shell.
 */
import { EventEmitter } from 'node:events';
import { isAbsolute } from 'node:path';
import { notDestroyed, onlyAfterReady, onlyBeforeReady } from './rules.mjs';

/** @param {{ isReady: boolean }} clock */
export function createProtocol(clock) {
  const handlers = new Map();
  let isRegistered = false;
  return {
    handlers,
    registerSchemesAsPrivileged() {
      onlyBeforeReady(clock, 'protocol.registerSchemesAsPrivileged');
      if (isRegistered) throw new Error('protocol.registerSchemesAsPrivileged can only be called once');
      isRegistered = true;
    },
    handle(scheme, handler) {
      onlyAfterReady(clock, 'protocol.handle');
      if (handlers.has(scheme)) throw new Error(`The scheme has been registered: ${scheme}`);
      handlers.set(scheme, handler);
    },
    isProtocolHandled: (scheme) => handlers.has(scheme),
    unhandle: (scheme) => void handlers.delete(scheme),
  };
}

/** @param {{ isReady: boolean }} clock */
export function createSession(clock) {
  // The tests' page requests no permission; test/main tests the handlers' answers.
  const defaultSession = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler() {},
    setPermissionCheckHandler() {},
    setDevicePermissionHandler() {},
  });
  return {
    get defaultSession() {
      onlyAfterReady(clock, 'session.defaultSession');
      return defaultSession;
    },
  };
}

/**
 * Dialogs without a person to press a button: one stays open until its signal closes it. A test replaces the functions
 * with its own, as it does in the real Electron.
 *
 * @param {{ isReady: boolean }} clock
 */
export function createDialog(clock, print = (line) => console.error(line)) {
  /** Electron also accepts a dialog without a window. */
  const open = ([window, options = window], closed) => {
    onlyAfterReady(clock, 'dialog');
    if (options !== window) notDestroyed(window.isDestroyed());
    const { signal } = options;
    return new Promise((resolve) => {
      if (signal?.aborted) resolve(closed);
      signal?.addEventListener('abort', () => resolve(closed));
    });
  };
  return {
    showMessageBox: async (...given) => open(given, { response: given.at(-1).cancelId ?? 0, checkboxChecked: false }),
    showSaveDialog: async (...given) => open(given, { canceled: true, filePath: '' }),
    showOpenDialog: async (...given) => open(given, { canceled: true, filePaths: [] }),
    // On Linux there is no box before `ready`, and its text goes to stderr.
    showErrorBox: (title, content) => print(`${title}\n${content}`),
  };
}

/** @param {{ isReady: boolean }} clock */
export function createScreen(clock, workArea = { width: 1920, height: 1040 }) {
  const display = { size: workArea, workAreaSize: workArea, workArea: { x: 0, y: 0, ...workArea }, scaleFactor: 1 };
  const asked = () => {
    onlyAfterReady(clock, 'screen');
    return display;
  };
  return Object.assign(new EventEmitter(), {
    getPrimaryDisplay: asked,
    getDisplayMatching: asked,
    getAllDisplays: () => [asked()],
  });
}

/** Records calls in `asked`; opens nothing on the screen of the person who runs the tests. */
export function createShell() {
  const asked = [];
  const note = (what) => async (path) => {
    if (what !== 'openExternal' && !isAbsolute(path)) return 'Invalid path';
    asked.push([what, path]);
    return '';
  };
  return {
    asked,
    openPath: note('openPath'),
    openExternal: async (address) => void (await note('openExternal')(address)),
    showItemInFolder: (path) => void asked.push(['showItemInFolder', path]),
  };
}

/** The theme of the frame; a page follows it by `prefers-color-scheme`. */
export class NativeTheme extends EventEmitter {
  #source = 'system';
  #isSystemDark;

  constructor(isSystemDark) {
    super();
    this.#isSystemDark = isSystemDark;
  }
  get themeSource() {
    return this.#source;
  }
  set themeSource(value) {
    if (!['system', 'light', 'dark'].includes(value)) throw new TypeError('Unable to convert value');
    this.#source = value;
    this.emit('updated');
  }
  get shouldUseDarkColors() {
    return this.#source === 'system' ? this.#isSystemDark : this.#source === 'dark';
  }
}

export function createPowerSaveBlocker() {
  const started = new Set();
  let next = 1;
  return {
    start(type) {
      if (type !== 'prevent-app-suspension' && type !== 'prevent-display-sleep') throw new TypeError('Invalid type');
      started.add(next);
      return next++;
    },
    stop: (id) => started.delete(id),
    isStarted: (id) => started.has(id),
  };
}

export function createClipboard() {
  let text = '';
  return {
    writeText(value) {
      text = String(value);
    },
    readText: () => text,
  };
}
