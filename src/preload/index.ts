/**
 * The only bridge between the page and the window's main process. It puts a few functions of plain data on
 * `window.raftLab`; no event, channel or object of Electron's gets through. Built to one CommonJS file, because a
 * sandboxed preload can load nothing else.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { LabMode, LabPush, LabResult } from '../core/lab-api/index.ts';
// Not through the index: the codecs it brings along have no business in here.
import { CHANNELS, type WindowAction, type WindowBridge } from '../core/lab-api/window-channels.ts';

const listeners = new Set<(push: LabPush) => void>();

ipcRenderer.on(CHANNELS.push, (_event, push: LabPush) => {
  for (const listener of [...listeners]) {
    try {
      listener(push);
    } catch (problem) {
      // A listener that throws must not stop the other listeners or later pushes.
      console.error(`A listener of the page failed: ${String(problem)}`);
    }
  }
  ipcRenderer.send(CHANNELS.taken);
});

const actors = new Set<(action: WindowAction) => void>();

ipcRenderer.on(CHANNELS.action, (_event, action: WindowAction) => {
  for (const actor of [...actors]) actor(action);
});

/** Main opens the file by its path, which the page never sees. A file that was dragged out of another program may have none. */
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
    // Its own function for each call, so that the same callback given twice is two subscriptions.
    const listener = (push: LabPush): void => onPush(push);
    listeners.add(listener);
    // Begins anew for all of them: each has the right to `mode` first, and a second `mode` changes nothing.
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
