/**
 * Shows the window at the right moment. The window is created hidden, so that no empty frame flashes, and is normally shown on
 * `ready-to-show`. On some Wayland compositors that event comes only *after* `show()`, so a hidden window would wait for ever
 * (electron/electron#48859); the end of loading, a failed load and a time limit show it, too.
 */
import type { BrowserWindow } from 'electron';

/** Time after which the window is shown in any case, in milliseconds. */
export const SHOW_WITHIN_MS = 4_000;

/** Shows the window once, at the first event that it is painted, or that it will not be painted while hidden. */
export function showWhenPainted(window: BrowserWindow, platform: NodeJS.Platform): void {
  let isShown = false;
  const limit = setTimeout(() => reveal(), SHOW_WITHIN_MS);
  limit.unref();
  const reveal = (): void => {
    clearTimeout(limit);
    if (isShown || window.isDestroyed()) return;
    isShown = true;
    window.show();
  };
  window.once('ready-to-show', reveal);
  // Other systems send `ready-to-show` reliably, and a loaded page may not be painted yet.
  if (platform === 'linux') window.webContents.once('did-finish-load', reveal);
  window.webContents.once('did-fail-load', reveal);
}

/** Brings the window to the front, even if it is minimised or was never shown. */
export function bringToFront(window: BrowserWindow): void {
  if (window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
