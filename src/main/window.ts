/** The options of the window, written out even where they are the defaults, because a test checks them. */
import type * as Electron from 'electron';
import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';

/** Background colours of the window. They equal the page's, so that nothing flashes before the page has painted. */
const BACKGROUND = { light: '#ffffff', dark: '#0f1318' } as const;

/** Smallest size at which the page does not scroll, in logical pixels. */
const SMALLEST = { width: 1024, height: 640 } as const;
const USUAL = { width: 1280, height: 800 } as const;
/** Name of the window; Electron saves the bounds of a named window. */
const NAME = 'main';

/**
 * @param look.preload   absolute path of `out/preload/index.cjs`
 * @param look.icon      absolute path of the icon; macOS uses the app's icon
 * @param look.workArea  size that the screen has for windows, in logical pixels. It limits the smallest size: at 200 % a 1080p
 *   screen has 960 × 540, so a window of 1024 × 640 would not fit
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

/** Gives the window its default size in the middle of the screen, and deletes the saved bounds. */
export function resetWindow(electron: Pick<typeof Electron, 'BrowserWindow' | 'screen'>, window: BrowserWindow): void {
  electron.BrowserWindow.clearPersistedState(NAME);
  if (window.isDestroyed()) return;
  const { width, height } = electron.screen.getPrimaryDisplay().workAreaSize;
  window.setSize(Math.min(USUAL.width, width), Math.min(USUAL.height, height));
  window.center();
}
