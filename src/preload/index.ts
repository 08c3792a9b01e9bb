/**
 * The only bridge between the page and the window's main process. It exposes a few functions of plain data as
 * `window.raftLab`, and no event, channel or object of Electron. The build writes one CommonJS file, because a
 * sandboxed preload cannot load any other file.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { LabMode, LabPush, LabResult } from '../core/lab-api/index.ts';
// The index would also bring the codecs into this bundle, which does not use them.
import { CHANNELS, type WindowAction, type WindowBridge } from '../core/lab-api/window-channels.ts';

const listeners = new Set<(push: LabPush) => void>();

ipcRenderer.on(CHANNELS.push, (_event, push: LabPush) => {
  for (const listener of [...listeners]) {
    try {
      listener(push);
    } catch (problem) {
      // An exception in one listener must stop neither the other listeners nor later pushes.
      console.error(`A listener of the page failed: ${String(problem)}`);
    }
  }
  ipcRenderer.send(CHANNELS.taken);
});

const actors = new Set<(action: WindowAction) => void>();

ipcRenderer.on(CHANNELS.action, (_event, action: WindowAction) => {
  for (const actor of [...actors]) actor(action);
});

/** Passes main the file's path, which the page never sees. Content dragged from another program may have no path. */
async function openRecording(file: File, endLive: boolean): Promise<LabResult<LabMode>> {
  const path = webUtils.getPathForFile(file);
  if (path !== '') return await ipcRenderer.invoke(CHANNELS.openRecording, path, endLive);
  const params = { path: file.name, errno: 'ENOENT' };
  return { ok: false, error: { code: 'cannot-read', params, message: `${file.name} cannot be read (ENOENT).` } };
}

const bridge: WindowBridge = {
  kind: 'window',
  ask: (name, ask) => ipcRenderer.invoke(CHANNELS.ask, name, ask),
  listen(onPush) {
    // A wrapper for each call lets one callback be subscribed twice.
    const listener = (push: LabPush): void => onPush(push);
    listeners.add(listener);
    // Pushes restart for all listeners, because each must get `mode` first; a repeated `mode` has no effect.
    ipcRenderer.send(CHANNELS.listen);
    return () => {
      const removed = listeners.delete(listener);
      if (removed && listeners.size === 0) ipcRenderer.send(CHANNELS.unlisten);
    };
  },
  exportRun: () => ipcRenderer.invoke(CHANNELS.exportRun),
  setLanguage: (language) => ipcRenderer.send(CHANNELS.language, language),
  setTheme: (theme) => ipcRenderer.send(CHANNELS.theme, theme),
  onAction(act) {
    const actor = (action: WindowAction): void => act(action);
    actors.add(actor);
    return () => void actors.delete(actor);
  },
  showExported: () => ipcRenderer.send(CHANNELS.showExported),
  openRecording,
  openNamed: (endLive) => ipcRenderer.invoke(CHANNELS.openNamed, endLive),
  readSettings: () => ipcRenderer.invoke(CHANNELS.readSettings),
  changeSettings: (change) => ipcRenderer.invoke(CHANNELS.changeSettings, change),
  actOnSettings: (act) => ipcRenderer.invoke(CHANNELS.actOnSettings, act),
};

contextBridge.exposeInMainWorld('raftLab', bridge);
