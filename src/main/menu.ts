/**
 * The menu bar as data. Every item has its own translated label, since Electron's role labels are English only, and
 * keeps its role where there is one: without the edit roles, copy and paste do not work on macOS.
 */
import type { MenuItemConstructorOptions } from 'electron';
import type { Translations } from '../translations/index.ts';
import { clusterItems, type LabMenu, lookItems, runItems } from './lab-menu.ts';
import { type SupportActions, supportItems } from './support-menu.ts';

type Item = MenuItemConstructorOptions;

/** The menu's actions beyond Electron's own roles and the page's actions. */
export interface MenuActions extends SupportActions {
  /** Asks for a scenario file or an exported recording, and opens it. */
  readonly openFile: () => void;
  readonly openDataFolder: () => void;
  readonly openRaftSite: () => void;
}

const LINE: Item = { type: 'separator' };

/** The template for `Menu.buildFromTemplate`, rebuilt when a fact that it shows changes. */
export function menuTemplate(menu: LabMenu & { readonly isMac: boolean; readonly actions: MenuActions }): Item[] {
  const { texts, isMac, isClosing, actions } = menu;
  const support = supportItems(menu, actions);
  const file: Item[] = [
    ...runItems(menu),
    LINE,
    {
      id: 'open-file',
      label: texts.openFile,
      accelerator: 'CmdOrCtrl+O',
      enabled: !isClosing,
      click: actions.openFile,
    },
    { id: 'open-data', label: texts.openData, enabled: !isClosing, click: actions.openDataFolder },
    LINE,
    ...(isMac ? [] : support.settings),
    isMac ? { role: 'close', label: texts.closeWindow } : { role: 'quit', label: texts.quit },
  ];
  const help: Item[] = [{ id: 'raft-site', label: texts.raftSite, click: actions.openRaftSite }, LINE, ...support.help];
  if (!isMac) help.push(LINE, { role: 'about', label: texts.about });
  return [
    ...(isMac ? [{ label: 'Raft Lab', submenu: appMenu(texts, support.settings) }] : []),
    { label: texts.file, submenu: file },
    { label: texts.edit, submenu: editMenu(texts) },
    { label: texts.cluster, submenu: clusterItems(menu) },
    { label: texts.view, submenu: viewMenu(menu) },
    {
      role: 'windowMenu',
      label: texts.window,
      submenu: [{ role: 'minimize', label: texts.minimize }, ...support.window],
    },
    { role: 'help', label: texts.help, submenu: help },
  ];
}

function appMenu(texts: Translations['menu'], settings: readonly Item[]): Item[] {
  return [
    { role: 'about', label: texts.about },
    LINE,
    ...settings,
    { role: 'hide', label: texts.hide },
    { role: 'hideOthers', label: texts.hideOthers },
    { role: 'unhide', label: texts.showAll },
    LINE,
    { role: 'quit', label: texts.quit },
  ];
}

function editMenu(texts: Translations['menu']): Item[] {
  return [
    { role: 'undo', label: texts.undo },
    { role: 'redo', label: texts.redo },
    LINE,
    { role: 'cut', label: texts.cut },
    { role: 'copy', label: texts.copy },
    { role: 'paste', label: texts.paste },
    { role: 'selectAll', label: texts.selectAll },
  ];
}

function viewMenu(menu: LabMenu): Item[] {
  const { texts } = menu;
  return [
    ...lookItems(menu),
    LINE,
    { role: 'reload', label: texts.reload },
    { role: 'toggleDevTools', label: texts.devTools },
    LINE,
    { role: 'resetZoom', label: texts.zoomReset },
    { role: 'zoomIn', label: texts.zoomIn },
    { role: 'zoomOut', label: texts.zoomOut },
    LINE,
    { role: 'togglefullscreen', label: texts.fullScreen },
  ];
}
