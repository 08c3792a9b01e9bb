/**
 * The menu bar as data. Every item has its own translated label, since Electron's role labels are English only, and
 * keeps its role where there is one: without the edit roles, copy and paste do not work on macOS.
 */
import type { MenuItemConstructorOptions } from 'electron';
import { clusterItems, type LabMenu, lookItems, runItems } from './lab-menu.ts';
import { type SupportActions, supportItems } from './support-menu.ts';
import type { MenuWords } from './words.ts';

type Item = MenuItemConstructorOptions;

/** The menu's actions beyond Electron's own roles and the page's actions. */
export interface MenuActions extends SupportActions {
  /** Asks for a scenario file or an exported recording, and opens it. */
  readonly openFile: () => void;
  readonly openDataFolder: () => void;
  readonly openRaftSite: () => void;
}

const LINE: Item = { type: 'separator' };

/** The template for `Menu.buildFromTemplate`; built anew when what it shows changes. */
export function menuTemplate(menu: LabMenu & { readonly isMac: boolean; readonly actions: MenuActions }): Item[] {
  const { words, isMac, isClosing, actions } = menu;
  const support = supportItems(menu, actions);
  const file: Item[] = [
    ...runItems(menu),
    LINE,
    {
      id: 'open-file',
      label: words.openFile,
      accelerator: 'CmdOrCtrl+O',
      enabled: !isClosing,
      click: actions.openFile,
    },
    { id: 'open-data', label: words.openData, enabled: !isClosing, click: actions.openDataFolder },
    LINE,
    ...(isMac ? [] : support.settings),
    isMac ? { role: 'close', label: words.closeWindow } : { role: 'quit', label: words.quit },
  ];
  const help: Item[] = [{ id: 'raft-site', label: words.raftSite, click: actions.openRaftSite }, LINE, ...support.help];
  if (!isMac) help.push(LINE, { role: 'about', label: words.about });
  return [
    ...(isMac ? [{ label: 'Raft Lab', submenu: appMenu(words, support.settings) }] : []),
    { label: words.file, submenu: file },
    { label: words.edit, submenu: editMenu(words) },
    { label: words.cluster, submenu: clusterItems(menu) },
    { label: words.view, submenu: viewMenu(menu) },
    {
      role: 'windowMenu',
      label: words.window,
      submenu: [{ role: 'minimize', label: words.minimize }, ...support.window],
    },
    { role: 'help', label: words.help, submenu: help },
  ];
}

function appMenu(words: MenuWords, settings: readonly Item[]): Item[] {
  return [
    { role: 'about', label: words.about },
    LINE,
    ...settings,
    { role: 'hide', label: words.hide },
    { role: 'hideOthers', label: words.hideOthers },
    { role: 'unhide', label: words.showAll },
    LINE,
    { role: 'quit', label: words.quit },
  ];
}

function editMenu(words: MenuWords): Item[] {
  return [
    { role: 'undo', label: words.undo },
    { role: 'redo', label: words.redo },
    LINE,
    { role: 'cut', label: words.cut },
    { role: 'copy', label: words.copy },
    { role: 'paste', label: words.paste },
    { role: 'selectAll', label: words.selectAll },
  ];
}

function viewMenu(menu: LabMenu): Item[] {
  const { words } = menu;
  return [
    ...lookItems(menu),
    LINE,
    { role: 'reload', label: words.reload },
    { role: 'toggleDevTools', label: words.devTools },
    LINE,
    { role: 'resetZoom', label: words.zoomReset },
    { role: 'zoomIn', label: words.zoomIn },
    { role: 'zoomOut', label: words.zoomOut },
    LINE,
    { role: 'togglefullscreen', label: words.fullScreen },
  ];
}
