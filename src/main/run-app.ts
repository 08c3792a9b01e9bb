/**
 * The window's program in its order: what must be said before the app is ready, then the lab, the page's protocol,
 * the channels, the menu and the window. Everything of Electron comes in as one argument, so that a test can look
 * at each call; `index.ts` passes the real one.
 */
import { join, resolve } from 'node:path';
import type * as Electron from 'electron';
import type { Language } from '../core/lab-api/index.ts';
import { type Lab, type LabOptions, programFiles } from '../lab/index.ts';
import { APP_SCHEME, answerAppRequest, PAGE_URL } from './app-protocol.ts';
import { type CrashSource, failStart, watchMain, watchPage } from './crash.ts';
import { exportRun } from './export-run.ts';
import { guardContents, guardSession, OUTSIDE_LINKS, openOutside } from './guards.ts';
import { registerIpc } from './ipc.ts';
import { menuTemplate } from './menu.ts';
import { watchQuit, watchSessionEnd } from './quit.ts';
import { bringToFront, showWhenPainted } from './show-window.ts';
import { readTheme, saveTheme } from './theme.ts';
import { windowOptions } from './window.ts';
import { languageOf, type MenuWords, wordsIn } from './words.ts';

/** What of Electron the app uses; a test gives stand-ins. */
export type ElectronParts = Pick<
  typeof Electron,
  | 'app'
  | 'BrowserWindow'
  | 'dialog'
  | 'ipcMain'
  | 'Menu'
  | 'nativeTheme'
  | 'powerMonitor'
  | 'protocol'
  | 'screen'
  | 'session'
  | 'shell'
>;

/** Everything else the app stands on; a test gives stand-ins. */
export interface Surroundings {
  readonly createLab: (options: LabOptions) => Lab | Promise<Lab>;
  /** `out/main`, where this program and those the lab spawns lie. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly process: CrashSource;
}

/** What the parts of the program share while it runs. */
interface AppState {
  lab: Lab | null;
  window: Electron.BrowserWindow | null;
  language: Language;
  isClosing: boolean;
  /** Builds the menu anew; does nothing before there is one. */
  showMenu: () => void;
}

/**
 * Runs the app; resolves when the window is open, when another instance was already running, or when the start failed:
 * that is shown to the person, and the exit code is `START_FAILED`. Never rejects.
 */
export async function runApp(electron: ElectronParts, around: Surroundings): Promise<void> {
  const state: AppState = { lab: null, window: null, language: 'en', isClosing: false, showMenu: () => undefined };
  try {
    await startApp(electron, around, state);
  } catch (problem) {
    const { app, dialog } = electron;
    await failStart(problem, { app, dialog, lab: () => state.lab, words: () => wordsIn(languageOfSystem(app)) });
  }
}

async function startApp(electron: ElectronParts, around: Surroundings, state: AppState): Promise<void> {
  const { app, dialog } = electron;
  // Tests, and people who keep several sets of runs, choose the folder; it also separates their instances.
  if (around.env.RAFT_LAB_DATA_DIR) app.setPath('userData', resolve(around.env.RAFT_LAB_DATA_DIR));
  app.enableSandbox();
  electron.protocol.registerSchemesAsPrivileged([APP_SCHEME]);
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  const openExternal = (address: string) => electron.shell.openExternal(address);
  watchMain(around.process, { app, dialog, lab: () => state.lab, words: () => wordsIn(state.language) });
  // Before the first pause: a quit or a second start may come while the lab is being made.
  const ending = watchQuit(app, {
    lab: () => state.lab,
    onClosing() {
      state.isClosing = true;
      state.showMenu();
    },
  });
  app.on('second-instance', () => {
    if (state.window !== null) bringToFront(state.window);
  });
  app.on('web-contents-created', (_event, contents) => guardContents(contents, openExternal));
  await app.whenReady();
  electron.powerMonitor.on('shutdown', () => ending.hurry());
  state.language = languageOfSystem(app);
  electron.nativeTheme.themeSource = readTheme(app.getPath('userData'));
  state.lab = await around.createLab({ dataFolder: app.getPath('userData'), programs: programFiles(around.folder) });
  guardSession(electron.session.defaultSession);
  const rendererFolder = join(around.folder, '..', 'renderer');
  electron.protocol.handle('app', (request) => answerAppRequest(request, rendererFolder));
  openWindow(electron, around, state, state.lab);
}

/** The window with all that hangs on it. */
function openWindow(electron: ElectronParts, around: Surroundings, state: AppState, lab: Lab): void {
  const { app, dialog } = electron;
  const window = new electron.BrowserWindow(
    windowOptions({
      preload: join(around.folder, '..', 'preload', 'index.cjs'),
      dark: electron.nativeTheme.shouldUseDarkColors,
      platform: around.platform,
      icon: join(around.folder, '..', '..', 'resources', 'icons', 'icon-512.png'),
      workArea: electron.screen.getPrimaryDisplay().workAreaSize,
    }),
  );
  state.window = window;
  const words = () => wordsIn(state.language);
  const saveRun = () => exportRun(lab, (name) => choosePath(electron, window, words().exportTitle, name));
  state.showMenu = () => showMenu(electron, around, state, () => saveFromMenu(dialog, window, saveRun, words));
  registerIpc({
    ipcMain: electron.ipcMain,
    lab,
    page: () => (window.isDestroyed() ? null : window.webContents),
    exportRun: saveRun,
    onLanguage(language) {
      state.language = language;
      state.showMenu();
    },
    onTheme(theme) {
      if (electron.nativeTheme.themeSource === theme) return;
      electron.nativeTheme.themeSource = theme;
      saveTheme(app.getPath('userData'), theme);
    },
  });
  state.showMenu();
  watchPage(window, { dialog, quit: () => app.quit(), words });
  watchSessionEnd(window, lab);
  showWhenPainted(window, around.platform);
  window.loadURL(PAGE_URL).catch((problem: unknown) => {
    // Also when the person reloads while it loads, so it is reported and no more.
    console.error(`The page was not loaded: ${String(problem)}`);
  });
}

function showMenu(
  electron: ElectronParts,
  around: Surroundings,
  state: AppState,
  saveFromMenu: () => Promise<void>,
): void {
  const { app, Menu, shell } = electron;
  const actions = {
    exportRun: () => void saveFromMenu().catch(reportFailure('The run could not be exported')),
    openDataFolder: () =>
      void openFolder(electron, app.getPath('userData')).catch(reportFailure('The folder could not be opened')),
    openRaftSite: () => openOutside(OUTSIDE_LINKS[0] ?? '', (address) => shell.openExternal(address)),
  };
  const { isClosing, language } = state;
  const isMac = around.platform === 'darwin';
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate({ words: wordsIn(language), isMac, isClosing, actions })),
  );
}

function reportFailure(what: string): (problem: unknown) => void {
  return (problem) => console.error(`${what}: ${String(problem)}`);
}

function languageOfSystem(app: Pick<Electron.App, 'getPreferredSystemLanguages'>): Language {
  return languageOf(app.getPreferredSystemLanguages());
}

/** Null, without asking, when the window is closed already: the system's dialogs refuse a destroyed window. */
async function choosePath(
  electron: ElectronParts,
  window: Electron.BrowserWindow,
  title: string,
  name: string,
): Promise<string | null> {
  if (window.isDestroyed()) return null;
  const answer = await electron.dialog.showSaveDialog(window, {
    title,
    defaultPath: join(electron.app.getPath('downloads'), name),
    filters: [{ name: 'JSON Lines', extensions: ['jsonl'] }],
  });
  return answer.canceled || answer.filePath === '' ? null : answer.filePath;
}

/** From the menu there is no page to report what went wrong, so the system's box does. */
async function saveFromMenu(
  dialog: ElectronParts['dialog'],
  window: Electron.BrowserWindow,
  saveRun: () => ReturnType<typeof exportRun>,
  words: () => MenuWords,
): Promise<void> {
  const result = await saveRun();
  if (result.ok || window.isDestroyed()) return;
  await dialog.showMessageBox(window, {
    type: 'error',
    message: words().exportFailed,
    detail: result.error.message,
  });
}

async function openFolder(electron: ElectronParts, folder: string): Promise<void> {
  const problem = await electron.shell.openPath(folder);
  if (problem !== '') console.error(`${folder} could not be opened: ${problem}`);
}
