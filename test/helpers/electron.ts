/**
 * A stand-in for `electron`, so that main and preload run in a plain test: every object remembers what it was told
 * and lets the test play the system's part. Use with `vi.mock('electron', () => createElectron())`, or pass it in.
 */
import { EventEmitter } from 'node:events';
import { type Mock, vi } from 'vitest';
import type { ElectronParts } from '../../src/main/run-app.ts';

export class FakeContents extends EventEmitter {
  readonly mainFrame = { url: 'app://lab/' };
  readonly sent: { readonly channel: string; readonly args: readonly unknown[] }[] = [];
  windowOpenHandler: (details: { readonly url: string }) => { readonly action: string } = () => ({ action: 'allow' });
  readonly reload = vi.fn();
  readonly forcefullyCrashRenderer = vi.fn();
  destroyed = false;
  setWindowOpenHandler(handler: typeof this.windowOpenHandler): void {
    this.windowOpenHandler = handler;
  }
  send(channel: string, ...args: readonly unknown[]): void {
    this.sent.push({ channel, args });
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
}

export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly loadURL = vi.fn(async () => undefined);
  readonly show = vi.fn();
  readonly focus = vi.fn();
  readonly restore = vi.fn();
  minimized = false;
  readonly options: unknown;
  constructor(options: unknown) {
    super();
    this.options = options;
  }
  isDestroyed(): boolean {
    return false;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
}

type Handler = (event: unknown, ...args: unknown[]) => unknown;

export interface FakeElectron {
  /** Give this to `runApp`. */
  readonly parts: ElectronParts;
  readonly app: EventEmitter & { readonly exit: Mock; readonly quit: Mock; readonly requestSingleInstanceLock: Mock };
  readonly windows: FakeWindow[];
  readonly handlers: Map<string, Handler>;
  readonly receivers: Map<string, Handler>;
  /** What happened before and after the app was ready, in order. */
  readonly order: string[];
  readonly dialog: { readonly showSaveDialog: Mock; readonly showMessageBox: Mock; readonly showErrorBox: Mock };
  readonly menus: Mock;
  readonly session: EventEmitter & Record<string, Mock>;
  readonly shell: { readonly openExternal: Mock; readonly openPath: Mock };
  readonly protocolHandlers: Map<string, (request: Request) => Promise<Response>>;
  /** Plays a page's invoke; `from` replaces parts of a trusted event. */
  invoke(channel: string, args: readonly unknown[], from?: object): Promise<unknown>;
  /** Plays a page's send. */
  tell(channel: string, args: readonly unknown[], from?: object): void;
}

/** `logs`: a folder for crash notes. */
export function createElectron(options: {
  readonly logs: string;
  readonly languages?: readonly string[];
}): FakeElectron {
  const order: string[] = [];
  const windows: FakeWindow[] = [];
  const handlers = new Map<string, Handler>();
  const receivers = new Map<string, Handler>();
  const protocolHandlers = new Map<string, (request: Request) => Promise<Response>>();
  const note = (what: string): Mock => vi.fn(() => void order.push(what));
  const app = Object.assign(new EventEmitter(), {
    exit: vi.fn(),
    quit: vi.fn(),
    setPath: vi.fn((name: string, path: string) => void order.push(`setPath ${name} ${path}`)),
    getPath: (name: string) => (name === 'logs' ? options.logs : `/paths/${name}`),
    enableSandbox: note('enableSandbox'),
    requestSingleInstanceLock: vi.fn(() => true),
    getPreferredSystemLanguages: () => options.languages ?? ['en-GB'],
    whenReady: vi.fn(async () => void order.push('ready')),
  });
  const session = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: vi.fn(),
    setPermissionCheckHandler: vi.fn(),
    setDevicePermissionHandler: vi.fn(),
  });
  const dialog = {
    showSaveDialog: vi.fn(async () => ({ canceled: true, filePath: '' })),
    showMessageBox: vi.fn(async () => ({ response: 0 })),
    showErrorBox: vi.fn(),
  };
  const shell = { openExternal: vi.fn(async () => undefined), openPath: vi.fn(async () => '') };
  const menus = vi.fn((template: unknown) => template);
  const BrowserWindow = class extends FakeWindow {
    constructor(windowOptions: unknown) {
      super(windowOptions);
      order.push('window');
      windows.push(this);
      app.emit('web-contents-created', {}, this.webContents);
    }
  };
  const parts = {
    app,
    BrowserWindow,
    dialog,
    ipcMain: {
      handle: (channel: string, handler: Handler) => handlers.set(channel, handler),
      on: (channel: string, handler: Handler) => receivers.set(channel, handler),
    },
    Menu: { buildFromTemplate: menus, setApplicationMenu: vi.fn() },
    nativeTheme: { shouldUseDarkColors: true },
    protocol: {
      registerSchemesAsPrivileged: note('scheme'),
      handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
        protocolHandlers.set(scheme, handler),
    },
    session: { defaultSession: session },
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
    session: session as unknown as FakeElectron['session'],
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
