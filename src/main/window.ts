/** The options of the window, written out even where they are the defaults, because a test checks them. */
import type * as Electron from 'electron';
import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';

/** Colours behind the page until it has painted; the page's own backgrounds, so that nothing flashes. */
const BACKGROUND = { light: '#ffffff', dark: '#0f1318' } as const;

/** Below this the page scrolls. Logical pixels. */
const SMALLEST = { width: 1024, height: 640 } as const;
const USUAL = { width: 1280, height: 800 } as const;
/** Electron keeps the bounds of a window that has a name. */
const NAME = 'main';

/**
 * @param look.preload   absolute path of `out/preload/index.cjs`
 * @param look.icon      absolute path of the icon; macOS takes the app's own
 * @param look.workArea  what the screen has for windows, in logical pixels: at 200 % a 1080p screen has 960 × 540, and a
 *   window that may not be smaller than 1024 × 640 would have its lower end off the screen
 */
export function windowOptions(look: {
  readonly preload: string;
  readonly dark: boolean;
  readonly platform: NodeJS.Platform;
  readonly icon: string;
  readonly workArea: { readonly width: number; readonly height: number };
}): BrowserWindowConstructorOptions {
  const { width, height } = look.workArea;
  return {
    name: NAME,
    windowStatePersistence: true,
    title: 'Raft Lab',
    width: Math.min(USUAL.width, width),
    height: Math.min(USUAL.height, height),
    minWidth: Math.min(SMALLEST.width, width),
    minHeight: Math.min(SMALLEST.height, height),
    ...(look.platform === 'darwin' ? {} : { icon: look.icon }),
    show: false,
    backgroundColor: look.dark ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload: look.preload,
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
  };
}

/** Gives the window its first size in the middle of the screen again, and forgets the kept bounds. */
export function resetWindow(electron: Pick<typeof Electron, 'BrowserWindow' | 'screen'>, window: BrowserWindow): void {
  electron.BrowserWindow.clearPersistedState(NAME);
  if (window.isDestroyed()) return;
  const { width, height } = electron.screen.getPrimaryDisplay().workAreaSize;
  window.setSize(Math.min(USUAL.width, width), Math.min(USUAL.height, height));
  window.center();
}
