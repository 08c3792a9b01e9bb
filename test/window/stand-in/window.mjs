/**
 * `BrowserWindow` and its web contents: their life cycle, the order of their events, and the calls that a destroyed
 * object refuses. The caller passes the page (page.mjs).
 */
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { isPrevented } from './app.mjs';
import { notDestroyed, onlyAfterReady } from './rules.mjs';
import { pack } from './values.mjs';

/**
 * The interface of a page that a window uses.
 *
 * @typedef {{ load: (url: string) => Promise<void>, reload: () => void, crash: () => void, close: () => void,
 *   deliver: (channel: string, text: string) => void, evaluate: (code: string) => Promise<any>,
 *   debug: (method: string, params: object) => Promise<any>, pid: () => Promise<number> }} Page
 */

export class StandInContents extends EventEmitter {
  mainFrame = { url: '' };
  #page;
  #isDestroyed = false;
  #isCrashed = false;
  #isAttached = false;
  openHandler = () => ({ action: 'allow' });

  /** @param {Page} page */
  attachPage(page) {
    this.#page = page;
    this.on('render-process-gone', () => {
      this.#isCrashed = true;
    });
    this.on('did-start-loading', () => {
      this.#isCrashed = false;
    });
  }
  get #alive() {
    notDestroyed(this.#isDestroyed);
    return this.#page;
  }
  isDestroyed() {
    return this.#isDestroyed;
  }
  isCrashed() {
    return this.#isCrashed;
  }
  getURL() {
    notDestroyed(this.#isDestroyed);
    return this.mainFrame.url;
  }
  setWindowOpenHandler(handler) {
    notDestroyed(this.#isDestroyed);
    this.openHandler = handler;
  }
  send(channel, ...args) {
    const page = this.#alive;
    page.deliver(channel, pack(args));
  }
  load(url) {
    return this.#alive.load(url);
  }
  reload() {
    this.#alive.reload();
  }
  forcefullyCrashRenderer() {
    this.#alive.crash();
  }
  executeJavaScript(code) {
    return this.#alive.evaluate(code);
  }
  openDevTools() {
    notDestroyed(this.#isDestroyed);
  }
  get debugger() {
    const page = this.#alive;
    return {
      isAttached: () => this.#isAttached,
      attach: () => {
        if (this.#isAttached) throw new Error('Debugger is already attached to the target');
        this.#isAttached = true;
      },
      sendCommand: async (method, params = {}) => {
        if (!this.#isAttached) throw new Error('No target available');
        return page.debug(method, params);
      },
    };
  }
  destroyPage() {
    this.#isDestroyed = true;
    this.#page?.close();
    this.emit('destroyed');
  }
}

/**
 * @param {{ app: import('./app.mjs').StandInApp, openPage: (contents: StandInContents, options: object) => Page,
 *   readyToShow?: 'never' }} around  `never`: `ready-to-show` does not come while the window is hidden, as on some
 *   Wayland compositors
 * @returns the class `BrowserWindow`
 */
export function windowClass({ app, openPage, readyToShow }) {
  return class BrowserWindow extends EventEmitter {
    #contents = new StandInContents();
    #isDestroyed = false;
    #isVisible;
    #size;
    #isPainted = false;
    #title;

    constructor(options = {}) {
      super();
      onlyAfterReady(app.clock, 'BrowserWindow');
      const { preload } = options.webPreferences ?? {};
      if (preload !== undefined && !isAbsolute(preload)) throw new Error('preload script must have absolute path');
      // Electron would open the page without a bridge and report that only in the page's console.
      if (preload !== undefined && !existsSync(preload)) throw new Error(`preload script is missing: ${preload}`);
      this.options = options;
      this.#isVisible = options.show !== false;
      this.#title = options.title ?? '';
      this.#size = [options.width ?? 800, options.height ?? 600];
      this.#contents.attachPage(openPage(this.#contents, options));
      this.#contents.on('painted', () => this.#painted());
      app.windows.add(this);
      app.emit('web-contents-created', {}, this.#contents);
      app.emit('browser-window-created', {}, this);
    }
    static getAllWindows() {
      return [...app.windows];
    }
    static getFocusedWindow() {
      return [...app.windows][0] ?? null;
    }
    static fromWebContents(contents) {
      return [...app.windows].find((window) => window.webContents === contents) ?? null;
    }
    /** Only checks its argument: the stand-in has no window manager, so no bounds are saved. */
    static clearPersistedState(name) {
      if (typeof name !== 'string') throw new TypeError('Error processing argument at index 0, conversion failure');
    }
    #alive() {
      notDestroyed(this.#isDestroyed);
    }
    #painted() {
      if (this.#isPainted || this.#isDestroyed || (readyToShow === 'never' && !this.#isVisible)) return;
      this.#isPainted = true;
      this.emit('ready-to-show');
    }
    get webContents() {
      this.#alive();
      return this.#contents;
    }
    async loadURL(url) {
      this.#alive();
      const { protocol } = new URL(url);
      if (!app.protocolHandlers.has(protocol.slice(0, -1)))
        throw new Error(`ERR_UNKNOWN_URL_SCHEME (-302) loading '${url}'`);
      await this.#contents.load(url);
    }
    show() {
      this.#alive();
      this.#isVisible = true;
      this.emit('show');
      if (readyToShow === 'never') this.#painted();
    }
    hide() {
      this.#alive();
      this.#isVisible = false;
    }
    isVisible() {
      this.#alive();
      return this.#isVisible;
    }
    focus() {
      this.#alive();
      this.emit('focus');
    }
    isFocused() {
      this.#alive();
      return this.#isVisible;
    }
    restore() {
      this.#alive();
    }
    isMinimized() {
      this.#alive();
      return false;
    }
    setTitle(title) {
      this.#alive();
      this.#title = title;
    }
    getTitle() {
      this.#alive();
      return this.#title;
    }
    setSize(width, height) {
      this.#alive();
      if (!Number.isInteger(width) || !Number.isInteger(height))
        throw new TypeError('Error processing argument at index 0, conversion failure');
      this.#size = [width, height];
    }
    getSize() {
      this.#alive();
      return [...this.#size];
    }
    center() {
      this.#alive();
    }
    setProgressBar() {
      this.#alive();
    }
    isDestroyed() {
      return this.#isDestroyed;
    }
    /** Closes the window unless a listener of `close` prevents it. */
    close() {
      if (this.#isDestroyed || isPrevented(this, 'close')) return;
      this.destroy();
    }
    /** Closes the window without calling the listeners of `close`. */
    destroy() {
      if (this.#isDestroyed) return;
      this.#isDestroyed = true;
      this.#contents.destroyPage();
      this.emit('closed');
      app.windowGone(this);
    }
  };
}
