/**
 * A stand-in for `electron`, so that main and preload run in a plain test. Every object records its calls and lets the
 * test act as the system. Calls that Electron refuses (wrong time, wrong path, destroyed object, values that cannot be
 * cloned) throw here too; electron-stand-in.test.ts tests each refusal. Use it with `vi.mock('electron', () =>
 * createElectron())`, or pass it in.
 */
import { EventEmitter } from 'node:events';
import { isAbsolute, join } from 'node:path';
import { type Mock, vi } from 'vitest';
import type { ElectronParts } from '../../src/main/run-app.ts';

/** Throws Electron's error for a window or its contents that are used after their end. */
function refuseDestroyed(destroyed: boolean): void {
  if (destroyed) throw new TypeError('Object has been destroyed');
}

export class FakeContents extends EventEmitter {
  readonly mainFrame = { url: 'app://lab/' };
  readonly sent: { readonly channel: string; readonly args: readonly unknown[] }[] = [];
  windowOpenHandler: (details: { readonly url: string }) => { readonly action: string } = () => ({ action: 'allow' });
  readonly reload = vi.fn(() => refuseDestroyed(this.destroyed));
  readonly forcefullyCrashRenderer = vi.fn(() => {
    refuseDestroyed(this.destroyed);
    queueMicrotask(() => this.emit('render-process-gone', {}, { reason: 'crashed' }));
  });
  destroyed = false;
  setWindowOpenHandler(handler: typeof this.windowOpenHandler): void {
    refuseDestroyed(this.destroyed);
    this.windowOpenHandler = handler;
  }
  /** Copies the values as IPC does, and throws when one cannot be cloned. */
  send(channel: string, ...args: readonly unknown[]): void {
    refuseDestroyed(this.destroyed);
    this.sent.push({ channel, args: structuredClone(args) });
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  getOSProcessId(): number {
    refuseDestroyed(this.destroyed);
    return process.pid;
  }
}

export class FakeWindow extends EventEmitter {
  readonly #contents = new FakeContents();
  readonly loadURL = vi.fn(async () => refuseDestroyed(this.#destroyed));
  readonly show = vi.fn(() => {
    refuseDestroyed(this.#destroyed);
    this.emit('show');
  });
  readonly focus = vi.fn(() => refuseDestroyed(this.#destroyed));
  readonly restore = vi.fn(() => refuseDestroyed(this.#destroyed));
  readonly setSize = vi.fn((_width: number, _height: number) => refuseDestroyed(this.#destroyed));
  readonly center = vi.fn(() => refuseDestroyed(this.#destroyed));
  readonly options: unknown;
  minimized = false;
  #destroyed = false;
  constructor(options: unknown) {
    super();
    this.options = options;
  }
  get webContents(): FakeContents {
    refuseDestroyed(this.#destroyed);
    return this.#contents;
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }
  isMinimized(): boolean {
    refuseDestroyed(this.#destroyed);
    return this.minimized;
  }
  /** Ends the window and its contents, as closing the window does. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#contents.destroyed = true;
    this.#contents.emit('destroyed');
    this.emit('closed');
  }
}

type Handler = (event: unknown, ...args: unknown[]) => unknown;

export interface FakeElectron {
  /** Parts to pass to `runApp`. */
  readonly parts: ElectronParts;
  readonly app: EventEmitter & {
    readonly exit: Mock;
    readonly quit: Mock;
    readonly requestSingleInstanceLock: Mock;
    isPackaged: boolean;
  } & Readonly<Record<'setAppLogsPath' | 'setAboutPanelOptions' | 'disableHardwareAcceleration', Mock>>;
  readonly windows: FakeWindow[];
  readonly handlers: Map<string, Handler>;
  readonly receivers: Map<string, Handler>;
  /** Calls and events before and after `ready`, in order. */
  readonly order: string[];
  readonly dialog: Readonly<Record<'showSaveDialog' | 'showOpenDialog' | 'showMessageBox' | 'showErrorBox', Mock>>;
  readonly menus: Mock;
  readonly session: EventEmitter & Record<string, Mock>;
  readonly powerMonitor: EventEmitter;
  readonly powerSaveBlocker: { readonly start: Mock; readonly stop: Mock };
  readonly clipboard: { readonly writeText: Mock };
  /** Requests to the system not to suspend the app that are active now. */
  readonly powerRequests: Set<number>;
  readonly shell: { readonly openExternal: Mock; readonly openPath: Mock; readonly showItemInFolder: Mock };
  readonly protocolHandlers: Map<string, (request: Request) => Promise<Response>>;
  /** Acts as a page that calls `invoke`; `from` replaces parts of a trusted event. */
  invoke(channel: string, args: readonly unknown[], from?: object): Promise<unknown>;
  /** Acts as a page that calls `send`. */
  tell(channel: string, args: readonly unknown[], from?: object): void;
}

/** @param options.logs  folder for crash notes */
export function createElectron(options: {
  readonly logs: string;
  readonly languages?: readonly string[];
  /** Folders that `getPath` returns, by name. */
  readonly paths?: Readonly<Record<string, string>>;
  readonly workArea?: { readonly width: number; readonly height: number };
}): FakeElectron {
  const order: string[] = [];
  const windows: FakeWindow[] = [];
  const handlers = new Map<string, Handler>();
  const receivers = new Map<string, Handler>();
  const protocolHandlers = new Map<string, (request: Request) => Promise<Response>>();
  /** Folders of the test, not of the person, so that no file reaches the next test. */
  const places = new Map([
    ['logs', options.logs],
    ['userData', options.paths?.userData ?? join(options.logs, 'user-data')],
  ]);
  let isReady = false;
  const beforeReady = (what: string): Mock =>
    vi.fn(() => {
      if (isReady) throw new Error(`${what} should be called before app is ready`);
      if (order.includes(what)) throw new Error(`${what} was called twice`);
      order.push(what);
    });
  const afterReady = (what: string): void => {
    if (!isReady) throw new Error(`${what} can only be used after app is ready`);
  };
  const app = Object.assign(new EventEmitter(), {
    exit: vi.fn(),
    quit: vi.fn(),
    isPackaged: false,
    setPath: vi.fn((name: string, path: string) => {
      if (!isAbsolute(path)) throw new Error('Path must be absolute');
      order.push(`setPath ${name} ${path}`);
      places.set(name, path);
    }),
    getPath: (name: string) => places.get(name) ?? options.paths?.[name] ?? `/paths/${name}`,
    setAppLogsPath: vi.fn((path: string) => {
      if (!isAbsolute(path)) throw new Error('Path must be absolute');
      places.set('logs', path);
    }),
    getVersion: () => '0.1.0',
    setAboutPanelOptions: vi.fn(),
    disableHardwareAcceleration: beforeReady('disableHardwareAcceleration'),
    getGPUFeatureStatus: () => ({ gpu_compositing: 'enabled' }),
    getAppMetrics: () => [{ pid: process.pid, sandboxed: true }],
    enableSandbox: beforeReady('enableSandbox'),
    requestSingleInstanceLock: vi.fn((_data?: unknown) => true),
    getPreferredSystemLanguages: () => options.languages ?? ['en-GB'],
    whenReady: vi.fn(async () => {
      if (!isReady) order.push('ready');
      isReady = true;
    }),
  });
  const session = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: vi.fn(),
    setPermissionCheckHandler: vi.fn(),
    setDevicePermissionHandler: vi.fn(),
  });
  const dialog = {
    showSaveDialog: vi.fn(async (window: FakeWindow, _options: object) => {
      refuseDestroyed(window.isDestroyed());
      return { canceled: true, filePath: '' };
    }),
    showOpenDialog: vi.fn(async (window: FakeWindow, _options: object) => {
      refuseDestroyed(window.isDestroyed());
      return { canceled: true, filePaths: [] as string[] };
    }),
    showMessageBox: vi.fn(async (window: FakeWindow, _options: object) => {
      refuseDestroyed(window.isDestroyed());
      return { response: 0 };
    }),
    showErrorBox: vi.fn((_title: string, _content: string) => void order.push('errorBox')),
  };
  const powerMonitor = new EventEmitter();
  let blockers = 0;
  const powerSaveBlocker = {
    start: vi.fn((_type: string) => {
      blockers += 1;
      powerRequests.add(blockers);
      return blockers;
    }),
    stop: vi.fn((id: number) => powerRequests.delete(id)),
  };
  const shell = {
    openExternal: vi.fn(async () => undefined),
    openPath: vi.fn(async () => ''),
    showItemInFolder: vi.fn(),
  };
  const clipboard = { writeText: vi.fn() };
  const powerRequests = new Set<number>();
  const menus = vi.fn((template: unknown) => template);
  const BrowserWindow = class extends FakeWindow {
    static readonly clearPersistedState = vi.fn();
    constructor(windowOptions: unknown) {
      super(windowOptions);
      afterReady('BrowserWindow');
      order.push('window');
      windows.push(this);
      app.emit('web-contents-created', {}, this.webContents);
    }
  };
  const parts = {
    app,
    BrowserWindow,
    clipboard,
    dialog,
    ipcMain: {
      handle: (channel: string, handler: Handler) => {
        if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
        handlers.set(channel, handler);
      },
      on: (channel: string, handler: Handler) => receivers.set(channel, handler),
    },
    Menu: { buildFromTemplate: menus, setApplicationMenu: vi.fn() },
    nativeTheme: {
      themeSource: 'system',
      get shouldUseDarkColors() {
        return this.themeSource !== 'light';
      },
    },
    protocol: {
      registerSchemesAsPrivileged: beforeReady('scheme'),
      handle: (scheme: string, handler: (request: Request) => Promise<Response>) => {
        afterReady('protocol.handle');
        protocolHandlers.set(scheme, handler);
      },
    },
    powerMonitor,
    powerSaveBlocker,
    screen: {
      getPrimaryDisplay: () => {
        afterReady('screen');
        return { workAreaSize: options.workArea ?? { width: 1920, height: 1040 } };
      },
      getAllDisplays: () => {
        afterReady('screen');
        return [{ size: { width: 1920, height: 1080 }, scaleFactor: 1.5 }];
      },
    },
    session: {
      get defaultSession() {
        afterReady('session.defaultSession');
        return session;
      },
    },
    shell,
  } as unknown as ElectronParts;
  const trusted = (): object => {
    const contents = windows[0]?.webContents;
    return { sender: contents, senderFrame: contents?.mainFrame };
  };
  return {
    parts,
    app,
    windows,
    handlers,
    receivers,
    order,
    dialog,
    menus,
    clipboard,
    powerRequests,
    session: session as unknown as FakeElectron['session'],
    powerMonitor,
    powerSaveBlocker,
    shell,
    protocolHandlers,
    async invoke(channel, args, from = {}) {
      return handlers.get(channel)?.({ ...trusted(), ...from }, ...args);
    },
    tell(channel, args, from = {}) {
      receivers.get(channel)?.({ ...trusted(), ...from }, ...args);
    },
  };
}
