/**
 * One page of the real Chromium, as a window shows it. The program's own handler answers `app://lab/…` with its own
 * headers, the built preload runs in an isolated world, and its messages reach `ipcMain`. Chromium does not know the
 * scheme `app`, so it loads `http://lab.localhost/…`, and the stand-in translates between the two.
 */
import { readFileSync } from 'node:fs';
import { unpack } from './values.mjs';

const SEEN = 'http://lab.localhost';
const MEANT = 'app://lab';
const PRELOAD_WORLD = 'preload';
const textOf = (name) => readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');

/**
 * @param {{ chromium: () => ReturnType<typeof import('./chromium.mjs').openChromium>, app: import('./app.mjs').StandInApp,
 *   ipc: import('./ipc.mjs').StandInIpc, theme: any, report: (line: string) => void }} around
 * @returns {(contents: import('./window.mjs').StandInContents, options: any) => import('./window.mjs').Page}
 */
export function pagesOf(around) {
  return (contents, options) => {
    const page = new ChromiumPage(around, contents, options);
    return {
      load: (url) => page.load(url),
      reload: () => page.reload(),
      crash: () => page.crash(),
      close: () => page.close(),
      deliver: (channel, text) => page.deliver(channel, text),
      evaluate: (code) => page.evaluate(code),
      debug: (method, params) => page.debug(method, params),
    };
  };
}

class ChromiumPage {
  #around;
  #contents;
  #options;
  /** Resolves with the session once the page exists. */
  #opened;
  #targetId;
  #session;
  #debugger = null;
  /** The isolated world of the preload; undefined between two documents. */
  #world;

  constructor(around, contents, options) {
    this.#around = around;
    this.#contents = contents;
    this.#options = options;
    this.#opened = this.#open();
    // A later load or evaluation rejects with the same reason.
    this.#opened.catch(() => undefined);
  }

  async #open() {
    const { width = 800, height = 600, webPreferences = {} } = this.#options;
    const chromium = this.#around.chromium();
    const { targetId } = await chromium.browser.send('Target.createTarget', { url: 'about:blank', width, height });
    this.#targetId = targetId;
    const session = await chromium.attach(targetId);
    this.#session = session;
    this.#listen(session);
    const { switches } = this.#around.app;
    const language = switches.get('lang') ?? 'en-GB';
    const source = this.#preloadSource(webPreferences.preload);
    await Promise.all([
      session.send('Page.enable'),
      session.send('Runtime.enable'),
      session.send('Inspector.enable'),
      session.send('Page.setLifecycleEventsEnabled', { enabled: true }),
      session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
      session.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 0, mobile: false }),
      session.send('Emulation.setUserAgentOverride', { userAgent: 'stand-in', acceptLanguage: language }),
      session.send('Runtime.addBinding', { name: 'standInSend', executionContextName: PRELOAD_WORLD }),
      session.send('Page.addScriptToEvaluateOnNewDocument', { source, worldName: PRELOAD_WORLD }),
      session.send('Page.addScriptToEvaluateOnNewDocument', { source: textOf('page-world.js') }),
      this.#followTheme(),
    ]);
    this.#around.theme.on('updated', () => void this.#followTheme().catch(() => undefined));
    return session;
  }

  #preloadSource(path) {
    if (path === undefined) return '';
    const code = readFileSync(path, 'utf8');
    return `${textOf('preload-world.js')};(function (require, module, exports) {${code}\n})(standInRequire, { exports: {} }, {});`;
  }

  #followTheme() {
    const value = this.#around.theme.shouldUseDarkColors ? 'dark' : 'light';
    return this.#session.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });
  }

  #listen(session) {
    const contents = this.#contents;
    session.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === PRELOAD_WORLD) this.#world = context.id;
    });
    session.on('Runtime.executionContextsCleared', () => {
      this.#world = undefined;
    });
    session.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === 'standInSend') void this.#heard(JSON.parse(payload));
    });
    session.on('Runtime.exceptionThrown', ({ exceptionDetails: { exception, text } }) => {
      this.#around.report(`page: ${exception?.description ?? text}`);
    });
    session.on('Runtime.consoleAPICalled', ({ type, args }) => {
      if (type === 'error' || type === 'warning') this.#around.report(`page ${type}: ${args.map(wordOf).join(' ')}`);
    });
    session.on('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId === undefined) contents.mainFrame = { url: meant(frame.url) };
    });
    session.on('Page.lifecycleEvent', ({ name }) => {
      if (name === 'firstPaint') contents.emit('painted');
    });
    session.on('Page.loadEventFired', () => {
      if (contents.mainFrame.url.startsWith(MEANT)) contents.emit('did-finish-load');
    });
    session.on('Page.windowOpen', ({ url }) => void contents.openHandler({ url }));
    session.on('Fetch.requestPaused', (paused) => {
      this.#answer(session, paused).catch((problem) => this.#around.report(`request not answered: ${problem}`));
    });
    session.on('Inspector.targetCrashed', () => {
      this.#world = undefined;
      contents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    });
  }

  async #answer(session, { requestId, request, resourceType }) {
    const url = meant(request.url);
    if (resourceType === 'Document' && !url.startsWith(`${MEANT}/`)) {
      let isPrevented = false;
      this.#contents.emit('will-navigate', {
        url,
        preventDefault() {
          isPrevented = true;
        },
      });
      if (isPrevented) return session.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
      // The stand-in has no network; an empty page shows that the window left the app.
      return session.send('Fetch.fulfillRequest', { requestId, responseCode: 200 });
    }
    if (!url.startsWith(`${MEANT}/`))
      return session.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
    const handler = this.#around.app.protocolHandlers.get('app');
    const answer = await handler(new Request(url, { method: request.method }));
    return session.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: answer.status,
      responseHeaders: [...answer.headers].map(([name, value]) => ({ name, value })),
      body: Buffer.from(await answer.arrayBuffer()).toString('base64'),
    });
  }

  async #heard({ kind, id, channel, text }) {
    const { ipc } = this.#around;
    const args = unpack(text);
    const event = { sender: this.#contents, senderFrame: this.#contents.mainFrame };
    if (kind === 'send') return void ipc.emit(channel, event, ...args);
    const world = this.#world;
    const { ok, text: answer } = await ipc.answer(channel, event, args);
    // Skip the answer when the page was reloaded in the meantime.
    if (this.#world === world) this.#call('standInAnswer', [id, ok, answer]);
  }

  #call(name, args) {
    if (this.#world === undefined || this.#contents.isDestroyed()) return;
    this.#session
      .send('Runtime.callFunctionOn', {
        executionContextId: this.#world,
        functionDeclaration: `function (...args) { globalThis.${name}(...args); }`,
        arguments: args.map((value) => ({ value })),
      })
      .then(({ exceptionDetails: thrown }) => {
        if (thrown) this.#around.report(`preload: ${thrown.exception?.description ?? thrown.text}`);
      })
      // The document no longer exists.
      .catch(() => undefined);
  }

  deliver(channel, text) {
    this.#call('standInReceive', [channel, text]);
  }
  async load(url) {
    const session = await this.#opened;
    this.#contents.emit('did-start-loading');
    const { errorText } = await session.send('Page.navigate', { url: url.replace(MEANT, SEEN) });
    if (errorText === undefined) return;
    this.#contents.emit('did-fail-load', {}, -2, errorText, url);
    throw new Error(`${errorText} loading '${url}'`);
  }
  reload() {
    this.#contents.emit('did-start-loading');
    this.#session.send('Page.reload').catch(() => undefined);
  }
  crash() {
    // The call never resolves, because the crashed page cannot answer.
    this.#session.send('Page.crash').catch(() => undefined);
  }
  close() {
    this.#around
      .chromium()
      .browser.send('Target.closeTarget', { targetId: this.#targetId })
      .catch(() => undefined);
  }
  async evaluate(expression) {
    const session = await this.#opened;
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }
  async debug(method, params) {
    await this.#opened;
    this.#debugger ??= this.#around.chromium().attach(this.#targetId);
    return (await this.#debugger).send(method, params);
  }
}

/** Returns the address that the program uses for this address of Chromium. */
function meant(url) {
  return url === SEEN || url.startsWith(`${SEEN}/`) ? MEANT + url.slice(SEEN.length) : url;
}

function wordOf({ value, description }) {
  return String(value ?? description ?? '');
}
