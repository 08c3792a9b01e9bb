/** The one window: its options, written out even where they are the defaults, because a test holds them. */
import type { BrowserWindowConstructorOptions } from 'electron';

/** Colours behind the page until it has painted; the page's own backgrounds, so that nothing flashes. */
const BACKGROUND = { light: '#ffffff', dark: '#1a1b1e' } as const;

/** @param look.preload  absolute path of `out/preload/index.cjs` */
export function windowOptions(look: {
  readonly preload: string;
  readonly dark: boolean;
}): BrowserWindowConstructorOptions {
  return {
    // Electron keeps the bounds of a window that has a name.
    name: 'main',
    windowStatePersistence: true,
    title: 'Raft Lab',
    width: 1280,
    height: 800,
    minWidth: 1024,
    minHeight: 640,
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
